// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** A file of settings as text: what is not UTF-8 is refused, not replaced. */
final class SettingsFile {
    /** Far more than anybody writes, and little enough to be read from /dev/zero. */
    private static final int MAX_BYTES = 1 << 20;

    private SettingsFile() {}

    static String read(Path file) throws Unreadable {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw new Unreadable(0, reason(e));
        }
        if (bytes.length > MAX_BYTES) {
            throw new Unreadable(0, "is larger than " + MAX_BYTES + " bytes");
        }
        return decode(bytes);
    }

    private static String decode(byte[] bytes) throws Unreadable {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        // Stops before the first bytes that are no character.
        if (decoder.decode(in, out, true).isError()) {
            int line = 1;
            for (int i = 0; i < in.position(); i++) {
                line += bytes[i] == '\n' ? 1 : 0;
            }
            throw new Unreadable(line, "has bytes that are not UTF-8");
        }
        return out.flip().toString();
    }

    /** {@return what is in the way, in a few words without the path} */
    static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NotDirectoryException) {
            return "is no directory";
        }
        String reason = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
        return "cannot be read: " + reason;
    }

    /** There is no text to be had. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        private final int line;
        private final String reason;

        Unreadable(int line, String reason) {
            super(reason);
            this.line = line;
            this.reason = reason;
        }

        int line() {
            return line;
        }

        String reason() {
            return reason;
        }
    }
}
