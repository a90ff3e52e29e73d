// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import dev.lockstep.uevent.Uevent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Datagrams as the kernel would send them, for those who want to see every byte. Guarded by the fabric's monitor. */
final class SimUeventText {
    private static final int MISC_MAJOR = 10;
    private static final int FIRST_MINOR = 121;

    private final List<Consumer<byte[]>> listeners = new ArrayList<>();
    private long sequence;

    void listen(Consumer<byte[]> listener) {
        listeners.add(listener);
    }

    /** {@return the datagram of an event of a lockspace} */
    byte[] ofLockspace(Uevent.Action action, String lockspace) {
        return datagram(action, "/kernel/dlm/" + inPath(lockspace), "SUBSYSTEM=dlm\0LOCKSPACE=" + lockspace);
    }

    /** {@return the datagram of an event of libdlm's device for a lockspace} */
    byte[] ofDevice(Uevent.Action action, String lockspace) {
        String device = "dlm_" + inPath(lockspace);
        return datagram(
                action,
                "/devices/virtual/misc/" + device,
                "SUBSYSTEM=misc\0MAJOR=" + MISC_MAJOR + "\0MINOR=" + FIRST_MINOR + "\0DEVNAME=" + device);
    }

    void send(byte[] datagram) {
        listeners.forEach(listener -> listener.accept(datagram));
    }

    boolean isHeard() {
        return !listeners.isEmpty();
    }

    private static String inPath(String lockspace) {
        return lockspace.replace('/', '!');
    }

    private byte[] datagram(Uevent.Action action, String path, String rest) {
        String verb = action.name().toLowerCase(Locale.ROOT);
        String text = verb + "@" + path + "\0ACTION=" + verb + "\0DEVPATH=" + path + "\0" + rest + "\0SEQNUM="
                + ++sequence + "\0";
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
