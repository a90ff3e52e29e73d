// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

/** A property that does not hold. */
final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;

    Violation(String what) {
        super(what, null, false, false);
    }

    String what() {
        return String.valueOf(getMessage());
    }
}
