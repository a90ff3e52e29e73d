// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * A small text file with its kind and version in the first line and a check of all before it in the last, replaced as a
 * whole: written beside, then renamed. Not synced, so a power cut may leave an old or a damaged one.
 *
 * <pre>
 *   lockstep-memory 1
 *   ...
 *   end 1a2b3c4d           CRC-32 of every byte above, 8 hexadecimal digits
 * </pre>
 */
final class SealedText {
    private final Path file;
    private final String header;

    /**
     * @param header kind and version, such as "lockstep-memory 1"
     */
    SealedText(Path file, String header) {
        this.file = file;
        this.header = header + "\n";
    }

    void write(String text) throws IOException {
        String body = header + text;
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(beside, body + "end " + check(body) + "\n", StandardCharsets.US_ASCII);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * {@return the text between the first and the last line}
     *
     * @throws java.nio.file.NoSuchFileException if there is no file
     * @throws IllegalArgumentException if it is damaged, or of another version
     */
    String read() throws IOException {
        String whole = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        int end = whole.lastIndexOf("end ");
        if (end < 0 || !whole.substring(end).equals("end " + check(whole.substring(0, end)) + "\n")) {
            throw new IllegalArgumentException("its check does not match");
        }
        if (!whole.startsWith(header)) {
            throw new IllegalArgumentException("it is not a '" + header.strip() + "'");
        }
        return whole.substring(header.length(), end);
    }

    private static String check(String body) {
        CRC32 crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.ISO_8859_1));
        return String.format(Locale.ROOT, "%08x", crc.getValue());
    }
}
