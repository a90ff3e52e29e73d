// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;

final class BlockingTest {
    private final List<Object> ends = new ArrayList<>();

    @Test
    void anErrorEndsTheCallAsAnExceptionDoes() {
        for (Throwable each :
                List.of(new IOException("EIO"), new NoClassDefFoundError("gone"), new StackOverflowError())) {
            ends.clear();

            Blocking.call(Schedulers.immediate(), () -> fail(each)).subscribe(ends::add, ends::add);

            assertThat(ends).containsExactly(each);
        }
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

    private static Object fail(Throwable with) throws IOException {
        if (with instanceof Error error) {
            throw error;
        }
        throw (IOException) with;
    }
}
