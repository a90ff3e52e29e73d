// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.conformance;

import dev.lockstep.nativeio.NativeFailure;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedSet;

/**
 * The files of one machine, with what is done to them and what they show written down. A path is one of configfs if it
 * has no slash or begins with comms or spaces, else one of sysfs.
 */
class NotedFiles {
    static final String SYSFS = "/sys/kernel/dlm";
    static final String CLUSTER = "/sys/kernel/config/dlm/cluster";

    final Machine machine;
    private final String prefix;
    private final List<String> notes;

    NotedFiles(Machine machine, String prefix, List<String> notes) {
        this.machine = machine;
        this.prefix = prefix;
        this.notes = notes;
    }

    final void note(String line) {
        notes.add(prefix + line);
    }

    static String absolute(String path) {
        if (path.isEmpty()) {
            return CLUSTER;
        }
        boolean config = path.indexOf('/') < 0 || path.startsWith("comms/") || path.startsWith("spaces/");
        return (config ? CLUSTER : SYSFS) + "/" + path;
    }

    /** Writes and notes the result. */
    final void write(String path, String value) {
        note(path + "=" + printable(value) + ": " + written(path, bytes(value)));
    }

    /** Writes bytes and notes the result under another name for the value. */
    final void write(String path, byte[] value, String shownAs) {
        note(path + "=" + shownAs + ": " + written(path, value));
    }

    /** Writes what must succeed: only a failure is noted. */
    final void set(String path, String value) {
        String result = written(path, bytes(value));
        if (!result.equals("ok")) {
            note(path + "=" + printable(value) + ": " + result);
        }
    }

    final void set(String path, byte[] value) {
        String result = written(path, value);
        if (!result.equals("ok")) {
            note(path + ": " + result);
        }
    }

    final String written(String path, byte[] value) {
        try {
            machine.tree().write(absolute(path), value);
            return "ok";
        } catch (NativeFailure e) {
            return e.errno().name();
        }
    }

    /** Reads and notes the text, without its one line feed. */
    final void show(String path) {
        note(path + ": " + text(path));
    }

    /** Waits until a file shows something and notes what it shows then. */
    final void becomes(String path, String text) {
        machine.await(() -> text(path).equals(text));
        show(path);
    }

    final String text(String path) {
        try {
            String text = machine.tree().read(absolute(path));
            return printable(text.endsWith("\n") ? text.substring(0, text.length() - 1) : text + "<no line feed>");
        } catch (NativeFailure e) {
            return e.errno().name();
        }
    }

    final void mkdir(String path) {
        note("mkdir " + path + ": " + made(path));
    }

    final String made(String path) {
        try {
            return machine.tree().makeDirectory(absolute(path)) ? "ok" : "EEXIST";
        } catch (NativeFailure e) {
            return e.errno().name();
        }
    }

    final void rmdir(String path) {
        note("rmdir " + path + ": " + removed(path));
    }

    final String removed(String path) {
        try {
            return machine.tree().removeDirectory(absolute(path)) ? "ok" : "ENOENT";
        } catch (NativeFailure e) {
            return e.errno().name();
        }
    }

    /** Notes the names of the directories in one. */
    final void list(String path) {
        note(path + "/: " + (path.isEmpty() ? names(SYSFS) : names(absolute(path))));
    }

    final String names(String directory) {
        try {
            SortedSet<String> names = machine.tree().directories(directory);
            return names.isEmpty() ? "empty" : String.join(" ", names);
        } catch (NativeFailure e) {
            return e.errno().name();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String printable(String text) {
        return text.replace("\n", "\\n").replace("\0", "\\0").replace("\t", " ");
    }
}
