// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.arguments;

import java.util.Iterator;

/** A number on a command line. */
public final class WholeNumber {
    private WholeNumber() {}

    /**
     * Takes the value that follows {@code key}.
     *
     * @param key the argument it belongs to
     * @param rest what follows it; one is taken
     * @param least what it must be at least
     * @param most what it may be at most
     * @return the number
     * @throws IllegalArgumentException naming the argument, if nothing follows or it is no such number
     */
    public static long parse(String key, Iterator<String> rest, long least, long most) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(key + " needs a number");
        }
        String text = rest.next();
        try {
            long value = Long.parseLong(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException(key + " " + text + " is no number from " + least + " to " + most);
    }
}
