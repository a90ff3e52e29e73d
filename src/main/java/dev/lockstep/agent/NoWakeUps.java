// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import dev.lockstep.port.WakeUps;
import reactor.core.publisher.Flux;

/** Tells nobody and hears nobody: boards are polled. */
final class NoWakeUps implements WakeUps {

    @Override
    public Flux<WakeUp> received() {
        return Flux.never();
    }

    @Override
    public void send(WakeUp wakeUp) {
        // nobody to tell
    }
}
