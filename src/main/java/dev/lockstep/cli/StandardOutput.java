// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.cli;

import dev.lockstep.exit.ExitCode;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Standard output that keeps its first failure. Java's print streams only keep that there was one, and a reader that
 * has seen enough, such as head(1), is no failure.
 */
final class StandardOutput extends OutputStream {
    private final OutputStream out;
    private final Path descriptor;
    private @Nullable IOException failure;

    /**
     * @param out where to write
     * @param descriptor a link to what that is, as in /proc/self/fd
     */
    StandardOutput(OutputStream out, Path descriptor) {
        this.out = out;
        this.descriptor = descriptor;
    }

    static StandardOutput ofThisProcess() {
        return new StandardOutput(new FileOutputStream(FileDescriptor.out), Path.of("/proc/self/fd/1"));
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        try {
            out.write(bytes, from, count);
        } catch (IOException e) {
            failure = failure == null ? e : failure;
            throw e;
        }
    }

    /**
     * Ends a command's output.
     *
     * @param writer whatever it has written through to this stream
     * @param err is told what was lost
     * @param status how the command ended
     * @return how it ended, seen with its output
     */
    int end(PrintWriter writer, PrintWriter err, int status) {
        writer.flush();
        if (failure == null || isLeft()) {
            return status;
        }
        err.println("lockstep: standard output: "
                + Optional.ofNullable(failure.getMessage()).orElse(failure.toString()));
        return status == ExitCode.OK.status() ? ExitCode.IO_ERROR.status() : status;
    }

    /** A pipe or socket fails only when nobody is left to read; the error's text depends on the locale. */
    private boolean isLeft() {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith("pipe:") || target.startsWith("socket:");
        } catch (IOException e) {
            return false;
        }
    }
}
