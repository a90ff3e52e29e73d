// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import dev.lockstep.uevent.Uevent;
import dev.lockstep.uevent.UeventParser;
import dev.lockstep.uevent.UeventSignal;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import reactor.core.scheduler.Scheduler;

/** Sends the uevents of one simulated node to its sockets. Guarded by the fabric's monitor. */
final class SimUevents {
    private final Set<SimUeventSource> sockets = new HashSet<>();
    private final SimUeventText datagrams = new SimUeventText();
    private Consumer<Uevent> tap = uevent -> {};

    SimUeventSource open(Scheduler thread, Consumer<SimUeventSource> onClose) {
        SimUeventSource source = new SimUeventSource(thread, onClose);
        sockets.add(source);
        return source;
    }

    void close(SimUeventSource source) {
        sockets.remove(source);
    }

    void tap(Consumer<Uevent> listener) {
        tap = listener;
    }

    void listen(Consumer<byte[]> listener) {
        datagrams.listen(listener);
    }

    void ofLockspace(Uevent.Action action, SimDlmLockspace lockspace) {
        boolean usable = lockspace.given.equals(lockspace.name.value());
        if (usable && !datagrams.isHeard()) {
            Uevent uevent = new Uevent(action, lockspace.name);
            tap.accept(uevent);
            offer(new UeventSignal.Received(uevent));
            return;
        }
        byte[] datagram = datagrams.ofLockspace(action, lockspace.given);
        UeventParser.parse(datagram, datagram.length).ifPresent(this::offer);
        datagrams.send(datagram);
    }

    private void offer(UeventSignal signal) {
        sockets.forEach(socket -> socket.offer(signal));
    }

    void ofDevice(Uevent.Action action, SimDlmLockspace lockspace) {
        if (datagrams.isHeard()) {
            datagrams.send(datagrams.ofDevice(action, lockspace.given));
        }
    }
}
