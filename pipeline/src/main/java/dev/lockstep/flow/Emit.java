// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import reactor.core.publisher.Sinks;

/** Emission into a sink that has one emitting thread and cannot overflow. */
final class Emit {

    private Emit() {}

    /**
     * Emits; after the end nobody listens and nothing happens.
     *
     * @throws IllegalStateException if a second thread emits, or the sink overflows: a bug
     */
    static <T> void to(Sinks.Many<T> sink, T value) {
        Sinks.EmitResult result = sink.tryEmitNext(value);
        switch (result) {
            case OK, FAIL_CANCELLED, FAIL_TERMINATED, FAIL_ZERO_SUBSCRIBER -> {}
            case FAIL_OVERFLOW, FAIL_NON_SERIALIZED ->
                throw new IllegalStateException("emission failed with " + result + ": " + value);
        }
    }
}
