// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What may stand in braces in an argument of the fence command. */
public enum FencePlaceholder {
    /** The number of the node to be fenced. */
    NODE,
    /** Its name. */
    NAME,
    /** Its address in numbers. */
    ADDRESS,
    /** The boot id of the life that is to end. */
    BOOT,
    /** The heartbeat session of that life, hexadecimal. */
    GENERATION;

    /** {@return as it is written in an argument} */
    public String written() {
        return "{" + name().toLowerCase(Locale.ROOT) + "}";
    }

    /** {@return the environment variable of the same content} */
    public String variable() {
        return "FENCE_" + name();
    }

    static List<String> allWritten() {
        return Arrays.stream(values()).map(FencePlaceholder::written).toList();
    }
}
