// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import java.util.List;
import java.util.stream.Collectors;

/** The settings cannot be used. Says everything that is wrong, not only the first thing. */
public final class InvalidSettings extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    InvalidSettings(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** {@return what is wrong, at least one} */
    public List<Problem> problems() {
        return problems;
    }
}
