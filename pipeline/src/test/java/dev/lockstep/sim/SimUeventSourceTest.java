// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.port.UeventSource;
import dev.lockstep.port.UeventSourceContract;
import dev.lockstep.uevent.Uevent;
import dev.lockstep.uevent.UeventSignal;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

final class SimUeventSourceTest implements UeventSourceContract {

    @Override
    public Fixture open() {
        Scheduler thread = Schedulers.newSingle("sim-uevents", true);
        SimUeventSource source = new SimUeventSource(thread, any -> {}, 64);
        return new Fixture() {
            @Override
            public UeventSource source() {
                return source;
            }

            @Override
            public void send(Uevent.Action action, LockspaceName lockspace) {
                source.offer(new UeventSignal.Received(new Uevent(action, lockspace)));
            }

            @Override
            public int capacity() {
                return 64;
            }

            @Override
            public LockspaceName name(int number) {
                return new LockspaceName("sim-" + number);
            }

            @Override
            public void close() {
                source.close();
                thread.disposeGracefully().subscribe();
            }
        };
    }
}
