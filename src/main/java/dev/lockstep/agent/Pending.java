// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Work that was begun on a thread of its own, beside others that may wait for a device just as long.
 *
 * @param <R> what it comes to
 */
final class Pending<R> {
    private final CompletableFuture<R> result;

    private Pending(CompletableFuture<R> result) {
        this.result = result;
    }

    static <R> Pending<R> begin(String thread, Supplier<R> work) {
        return new Pending<>(CompletableFuture.supplyAsync(work, task -> Regions.onThread(thread, task)));
    }

    /** {@return what it comes to} Waits; what it throws is thrown here. */
    R await() {
        try {
            return result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
