// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

/** A value and the line it was written on (0: none). */
record Placed<T>(T value, String source, int line) {
    void complain(Problems problems, String message) {
        problems.add(source, line, message);
    }
}
