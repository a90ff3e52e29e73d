// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

final class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void printsTheVersionThatTheBuildWrote() {
        assertThat(run("--version")).isEqualTo(0);
        assertThat(out.toString()).matches("lockstep \\d+\\.\\d+\\.\\d+\\S*\\R");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void sendsHelpThatWasAskedForToStandardOutput() {
        assertThat(run("--help")).isEqualTo(0);
        assertThat(out.toString()).startsWith("Usage: lockstep");
    }

    @Test
    void answersUnknownOptionsAsUsageErrors() {
        assertThat(run("--no-such-option")).isEqualTo(64);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("--no-such-option");
    }

    @Test
    void answersAMissingCommandAsUsageError() {
        assertThat(run()).isEqualTo(64);
        assertThat(err.toString()).contains("Missing command").contains("Usage: lockstep");
    }

    private int run(String... args) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }
}
