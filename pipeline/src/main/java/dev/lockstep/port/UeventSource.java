// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.port;

import dev.lockstep.uevent.UeventSignal;
import reactor.core.publisher.Flux;

/** Where uevents of fs/dlm come from. */
public interface UeventSource extends AutoCloseable {

    /**
     * {@return the signals, from the moment the source was opened}
     *
     * <p>One subscriber. Emits on the source's own thread. Short demand is bridged by a bounded queue; what does not
     * fit is dropped and becomes one {@link UeventSignal.Overflow}. An error ends the Flux; resubscribing reopens, and
     * what comes then begins with an Overflow, since events were missed: whoever reads the kernel after it misses none.
     */
    Flux<UeventSignal> signals();

    @Override
    void close();
}
