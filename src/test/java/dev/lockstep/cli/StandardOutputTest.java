// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StandardOutputTest {
    @TempDir
    private Path temp;

    private final StringWriter err = new StringWriter();

    private int run(OutputStream stream, Path descriptor, String... args) {
        StandardOutput stdout = new StandardOutput(stream, descriptor);
        PrintWriter out = new PrintWriter(stdout, true, StandardCharsets.UTF_8);
        PrintWriter errors = new PrintWriter(err, true);
        int status = Main.run((settings, dryRun) -> 0, (keep, screen) -> 0, Map.of(), out, errors, args);
        return stdout.end(out, errors, status);
    }

    private int runOntoAFullDisk(String... args) throws IOException {
        try (OutputStream full = new FileOutputStream("/dev/full")) {
            return run(full, Path.of("/dev/full"), args);
        }
    }

    @Test
    void whatAFullDiskDidNotTakeIsAnError() throws IOException {
        for (String command : new String[] {"--help", "--version"}) {
            err.getBuffer().setLength(0);
            assertThat(runOntoAFullDisk(command)).as(command).isEqualTo(74);
            assertThat(err.toString()).startsWith("lockstep: standard output: ").hasLineCount(1);
        }
    }

    @Test
    void anErrorThatCameFirstKeepsItsStatus() throws IOException {
        Path region = Files.writeString(temp.resolve("region"), "none");

        assertThat(runOntoAFullDisk("region", "dump", region.toString(), "--buffered"))
                .isEqualTo(64);
    }

    @Test
    void aReaderThatHasSeenEnoughIsNoError() throws IOException {
        OutputStream closed = OutputStream.nullOutputStream();
        closed.close();
        for (String kind : new String[] {"pipe:[77]", "socket:[77]"}) {
            Path descriptor = Files.createSymbolicLink(temp.resolve(kind), Path.of(kind));
            assertThat(run(closed, descriptor, "--help")).as(kind).isZero();
        }
        assertThat(err.toString()).isEmpty();
        assertThat(run(closed, temp.resolve("no link"), "--help")).isEqualTo(74);
    }

    @Test
    void whatWasTakenIsNoError() throws IOException {
        Path file = temp.resolve("out");
        try (OutputStream stream = Files.newOutputStream(file)) {
            assertThat(run(stream, file, "--version")).isZero();
        }
        assertThat(file).content().startsWith("lockstep ");
    }
}
