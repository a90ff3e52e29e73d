// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

final class BlockingTest {
    private final OutOfMemoryError noThread = new OutOfMemoryError("unable to create native thread");

    private final List<Object> ends = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();

    @Test
    void anExceptionEndsTheCall() {
        IOException failure = new IOException("EIO");

        Blocking.call(Schedulers.immediate(), () -> fail(failure)).subscribe(ends::add, ends::add);

        assertThat(ends).containsExactly(failure);
    }

    @Test
    void anErrorThatReactorWouldThrowEndsTheCallThroughARetryToo() {
        for (Error each : List.of(new NoClassDefFoundError("gone"), new StackOverflowError())) {
            ends.clear();

            Blocking.call(Schedulers.immediate(), () -> fail(each))
                    .retryWhen(Retry.backoff(3, Duration.ofMillis(1)).filter(Exception.class::isInstance))
                    .subscribe(ends::add, ends::add);

            assertThat(ends).singleElement().isInstanceOfSatisfying(Error.class, error -> {
                assertThat(error).hasRootCause(each);
                assertThat(error).hasMessageContaining(each.toString());
            });
        }
    }

    @Test
    void aThreadThatCannotBeMadeEndsTheCallWhichIsNotMadeLaterEither() {
        List<Runnable> held = new ArrayList<>();

        Blocking.call(new Refusing(held), () -> calls.add("made")).subscribe(ends::add, ends::add);
        held.forEach(Runnable::run);

        assertThat(ends)
                .singleElement()
                .isInstanceOfSatisfying(Error.class, error -> assertThat(error).hasRootCause(noThread));
        assertThat(held).hasSize(1);
        assertThat(calls).isEmpty();
    }

    @Test
    void anErrorAfterTheCancellationIsNobodysAnyMore() {
        List<Runnable> held = new ArrayList<>();
        Blocking.call(Schedulers.fromExecutor(held::add), () -> fail(new NoClassDefFoundError("gone")))
                .subscribe(ends::add, ends::add)
                .dispose();

        held.forEach(Runnable::run);

        assertThat(held).hasSize(1);
        assertThat(ends).isEmpty();
    }

    /** Keeps the task, as an executor does whose thread could not be started. */
    private final class Refusing implements Scheduler {
        private final List<Runnable> held;

        Refusing(List<Runnable> held) {
            this.held = held;
        }

        @Override
        public Disposable schedule(Runnable task) {
            held.add(task);
            throw noThread;
        }

        @Override
        public Worker createWorker() {
            throw noThread;
        }
    }

    private static Object fail(Throwable with) throws IOException {
        if (with instanceof Error error) {
            throw error;
        }
        throw (IOException) with;
    }
}
