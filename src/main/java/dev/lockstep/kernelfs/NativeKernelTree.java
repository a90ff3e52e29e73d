// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.kernelfs;

import dev.lockstep.nativeio.Errno;
import dev.lockstep.nativeio.KernelFile;
import dev.lockstep.nativeio.NativeFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

/** The real thing. */
public final class NativeKernelTree implements KernelTree {
    /** No attribute of sysfs or configfs is longer than a page. */
    private static final int MAX_BYTES = 65536;

    @Override
    public void write(String path, byte[] value) throws NativeFailure {
        KernelFile.write(path, value);
    }

    @Override
    public String read(String path) throws NativeFailure {
        return KernelFile.read(path, MAX_BYTES);
    }

    @Override
    public boolean makeDirectory(String path) throws NativeFailure {
        try {
            KernelFile.makeDirectory(path);
            return true;
        } catch (NativeFailure e) {
            if (e.errno().equals(Errno.EEXIST)) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public boolean removeDirectory(String path) throws NativeFailure {
        try {
            KernelFile.removeDirectory(path);
            return true;
        } catch (NativeFailure e) {
            if (e.errno().equals(Errno.ENOENT)) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public SortedSet<String> directories(String path) throws NativeFailure {
        SortedSet<String> names = new TreeSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(nioPath(path))) {
            for (Path entry : entries) {
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    names.add(nameInBytes(entry));
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            throw new NativeFailure("list", Errno.ENOENT, path);
        } catch (IOException | DirectoryIteratorException e) {
            NativeFailure failure = new NativeFailure("list", Errno.EIO, path);
            failure.initCause(e);
            throw failure;
        }
        return names;
    }

    /**
     * The last part of a path, one char per byte. A Path keeps the raw bytes but its text form depends on the locale;
     * its URI shows every byte.
     */
    static String nameInBytes(Path entry) {
        String uri = entry.toUri().getRawPath();
        String trimmed = uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
        String raw = trimmed.substring(trimmed.lastIndexOf('/') + 1);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < raw.length(); i++) {
            if (raw.charAt(i) == '%') {
                bytes.write(Integer.parseInt(raw.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                bytes.write(raw.charAt(i));
            }
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    /** The other way round: a Path of exactly these bytes, whatever the locale. */
    static Path nioPath(String path) {
        StringBuilder uri = new StringBuilder("file://");
        for (byte b : path.getBytes(StandardCharsets.ISO_8859_1)) {
            boolean plain = b == '/' || (b > 0 && Character.isLetterOrDigit(b));
            uri.append(plain ? String.valueOf((char) b) : String.format(Locale.ROOT, "%%%02X", b & 0xff));
        }
        return Path.of(URI.create(uri.toString()));
    }
}
