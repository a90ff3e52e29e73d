// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.port;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import reactor.core.publisher.Flux;

/** "Read again": a hint that costs the receiver one board read and proves nothing. */
public interface WakeUps {

    /**
     * The whole message.
     *
     * @param region whose board has news
     * @param node who says so
     * @param boot the sender's boot id
     */
    record WakeUp(RegionId region, NodeNumber node, BootId boot) {}

    /**
     * {@return wake-ups from configured peers, rate-limited; late, doubled and lost ones are normal}
     *
     * <p>One subscriber. Emits on the adapter's thread, which must not be blocked. Without demand they are dropped.
     */
    Flux<WakeUp> received();

    /** Tells every other node, best effort, without blocking; what cannot be sent is lost. Any thread. */
    void send(WakeUp wakeUp);
}
