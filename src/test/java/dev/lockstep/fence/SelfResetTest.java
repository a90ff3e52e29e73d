// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.fence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.kernel.Mutation;
import dev.lockstep.kernel.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On files in a directory of the test's: the machine must live on. */
class SelfResetTest {
    @TempDir
    Path root;

    @Test
    void saysWhyThenTriggersThenArmsTheWatchdog() throws IOException {
        Path kmsg = Files.createFile(root.resolve("kmsg"));
        Path trigger = Files.createFile(root.resolve("sysrq-trigger"));
        Path watchdog = Files.createFile(root.resolve("watchdog"));
        SelfReset reset = new SelfReset(kmsg.toString(), trigger.toString(), Optional.of(watchdog));

        String message = message(reset);

        assertThat(kmsg).hasContent("<0>lockstep: resetting this node: told  to go");
        assertThat(trigger).hasContent("b");
        assertThat(message).contains("still runs").contains("will not be fed");
        assertThat(message(reset)).contains("armed already");
    }

    @Test
    void aMissingConsoleDoesNotStopTheReset() throws IOException {
        Path trigger = Files.createFile(root.resolve("sysrq-trigger"));

        String message = message(new SelfReset(root + "/none", trigger.toString(), Optional.empty()));

        assertThat(trigger).hasContent("b");
        assertThat(message).contains("no watchdog");
    }

    @Test
    void tellsWhatFailed() {
        String none = root + "/none";

        assertThat(message(new SelfReset(none, none, Optional.of(Path.of(none)))))
                .contains("ENOENT");
    }

    private static String message(SelfReset reset) {
        Outcome outcome = reset.reset(new Mutation.ResetNode("told\n to go"));
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        return ((Outcome.Failed) outcome).message();
    }
}
