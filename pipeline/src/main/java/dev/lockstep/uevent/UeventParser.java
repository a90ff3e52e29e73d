// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.uevent;

import dev.lockstep.domain.LockspaceName;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads one datagram of the kernel's uevent socket (lib/kobject_uevent.c; fs/dlm/lockspace.c adds LOCKSPACE).
 *
 * <pre>
 *   online@/kernel/dlm/foo NUL                      header, ACTION@DEVPATH
 *   ACTION=online NUL DEVPATH=/kernel/dlm/foo NUL   the environment, KEY=VALUE each
 *   SUBSYSTEM=dlm NUL LOCKSPACE=foo NUL SEQNUM=643 NUL
 * </pre>
 *
 * <p>Fields are found by their key, never by their place: kernels from 6.18 put RELEASE_RECOVER before LOCKSPACE. A
 * name with '/' is shown with '!' in DEVPATH. Without state; any thread.
 */
public final class UeventParser {

    /** Longer ones do not come from a kernel: its environment has at most 2048 bytes, a path at most 4096. */
    public static final int MAX_BYTES = 8192;

    private static final byte[] SUBSYSTEM_DLM = "SUBSYSTEM=dlm\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final String PARENT = "/kernel/dlm/";

    private UeventParser() {}

    /**
     * Reads one datagram.
     *
     * @param datagram holds the datagram from its first byte on
     * @param length its length in bytes
     * @return the event or what is wrong with it; empty for other subsystems' events
     */
    public static Optional<UeventSignal> parse(byte[] datagram, int length) {
        if (length > MAX_BYTES) {
            return malformed("datagram of " + length + " bytes is longer than " + MAX_BYTES);
        }
        if (length == 0 || datagram[length - 1] != 0) {
            return malformed("datagram does not end with NUL");
        }
        int headerEnd = indexOf((byte) 0, datagram, 0, length);
        int at = indexOf((byte) '@', datagram, 0, headerEnd);
        if (at < 0) {
            return malformed("header has no '@'");
        }
        if (!isOfDlm(datagram, headerEnd + 1, length)) {
            return Optional.empty();
        }
        return Optional.of(ofDlm(new Environment(datagram, headerEnd + 1, length)));
    }

    private static UeventSignal ofDlm(Environment environment) {
        if (environment.problem != null) {
            return new UeventSignal.Malformed(environment.problem);
        }
        String action = environment.action;
        String path = environment.path;
        String lockspace = environment.lockspace;
        if (action == null || path == null || lockspace == null) {
            return new UeventSignal.Malformed("ACTION, DEVPATH or LOCKSPACE is missing");
        }
        Uevent.@Nullable Action known = action(action);
        if (known == null) {
            return new UeventSignal.Malformed("ACTION is none that fs/dlm sends");
        }
        if (!path.startsWith(PARENT) || !path.substring(PARENT.length()).equals(lockspace.replace('/', '!'))) {
            return new UeventSignal.Malformed("DEVPATH does not name the lockspace in LOCKSPACE");
        }
        try {
            return new UeventSignal.Received(new Uevent(known, new LockspaceName(lockspace)));
        } catch (IllegalArgumentException e) {
            // LockspaceName escapes what it quotes.
            String why = String.valueOf(e.getMessage());
            return lockspace.indexOf('/') < 0
                    ? new UeventSignal.Malformed(why)
                    : new UeventSignal.Unusable(known, lockspace.replace('/', '!'), why);
        }
    }

    private static Uevent.@Nullable Action action(String text) {
        return switch (text) {
            case "add" -> Uevent.Action.ADD;
            case "online" -> Uevent.Action.ONLINE;
            case "offline" -> Uevent.Action.OFFLINE;
            case "remove" -> Uevent.Action.REMOVE;
            default -> null;
        };
    }

    /** Looks for the field without making strings: nearly all datagrams are of other subsystems. */
    private static boolean isOfDlm(byte[] datagram, int from, int length) {
        int start = from;
        while (start < length) {
            if (startsWith(SUBSYSTEM_DLM, datagram, start, length)) {
                return true;
            }
            start = indexOf((byte) 0, datagram, start, length) + 1;
        }
        return false;
    }

    private static boolean startsWith(byte[] prefix, byte[] bytes, int from, int length) {
        if (length - from < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (bytes[from + i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    private static int indexOf(byte wanted, byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static Optional<UeventSignal> malformed(String why) {
        return Optional.of(new UeventSignal.Malformed(why));
    }

    /** The three fields that matter, each at most once. */
    private static final class Environment {
        private @Nullable String action;
        private @Nullable String path;
        private @Nullable String lockspace;
        private @Nullable String problem;

        Environment(byte[] datagram, int from, int length) {
            int start = from;
            while (start < length) {
                int end = indexOf((byte) 0, datagram, start, length);
                take(new String(datagram, start, end - start, StandardCharsets.ISO_8859_1));
                start = end + 1;
            }
        }

        private void take(String field) {
            int equals = field.indexOf('=');
            if (equals <= 0) {
                problem = "a field of the environment is not KEY=VALUE";
                return;
            }
            String value = field.substring(equals + 1);
            switch (field.substring(0, equals)) {
                case "ACTION" -> action = once(action, value);
                case "DEVPATH" -> path = once(path, value);
                case "LOCKSPACE" -> lockspace = once(lockspace, value);
                default -> {
                    // SEQNUM, RELEASE_RECOVER and whatever later kernels add.
                }
            }
        }

        private String once(@Nullable String before, String value) {
            if (before != null) {
                problem = "a field of the environment is there twice";
            }
            return value;
        }
    }
}
