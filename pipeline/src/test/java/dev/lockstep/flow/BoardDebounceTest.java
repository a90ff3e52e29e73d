// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.board.BlockReading;
import dev.lockstep.board.LockspaceEntry;
import dev.lockstep.board.Phase;
import dev.lockstep.evidence.Evidence.BoardScanned;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

final class BoardDebounceTest {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final TestPublisher<BoardScanned> readings = TestPublisher.create();
    private final List<Long> passed = new ArrayList<>();

    @BeforeEach
    void subscribe() {
        Flux.from(new BoardDebounce(Duration.ofMillis(20), Duration.ofMillis(100), time).apply(readings.flux()))
                .subscribe(reading -> passed.add(reading.atNs()));
    }

    /** A board on which that many nodes ask to join. */
    private static BoardScanned joiners(long id, int count) {
        LockspaceEntry[] entries = IntStream.range(0, count)
                .mapToObj(i -> Boards.entry("ls" + i, Phase.JOINING))
                .toArray(LockspaceEntry[]::new);
        return Boards.scan(id, Boards.good(0, id, entries));
    }

    private void after(int ms, BoardScanned reading) {
        time.advanceTimeBy(Duration.ofMillis(ms));
        readings.next(reading);
    }

    @Test
    void theFirstReadingPassesAtOnce() {
        after(0, joiners(1, 1));
        assertThat(passed).containsExactly(1L);
    }

    @Test
    void aJoinerWaitsUntilTheBoardWasQuiet() {
        after(0, joiners(1, 0));
        after(0, joiners(2, 1));
        time.advanceTimeBy(Duration.ofMillis(19));
        assertThat(passed).containsExactly(1L);

        time.advanceTimeBy(Duration.ofMillis(1));
        assertThat(passed).containsExactly(1L, 2L);
    }

    @Test
    void furtherJoinersProlongTheWaitButNotForEver() {
        after(0, joiners(1, 0));
        for (int i = 1; i <= 9; i++) {
            after(i == 1 ? 0 : 11, joiners(i + 1, i));
        }
        assertThat(passed).containsExactly(1L);

        time.advanceTimeBy(Duration.ofMillis(12));
        assertThat(passed).containsExactly(1L, 10L);
    }

    @Test
    void aRepeatedReadingDoesNotProlongTheWait() {
        after(0, joiners(1, 0));
        after(0, joiners(2, 1));
        after(15, joiners(3, 1));

        time.advanceTimeBy(Duration.ofMillis(5));
        assertThat(passed).containsExactly(1L, 3L);
    }

    @Test
    void whatIsNoJoinerPassesAtOnceAndTakesTheHeldAlong() {
        after(0, joiners(1, 0));
        after(0, joiners(2, 1));
        after(1, Boards.scan(3, Boards.good(0, 3, Boards.entry("ls0", Phase.STOPPED))));
        assertThat(passed).containsExactly(1L, 3L);

        time.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(passed).containsExactly(1L, 3L);
    }

    @Test
    void anUnchangedBoardPassesAtOnceBecauseItsFreshnessIsNews() {
        after(0, joiners(1, 1));
        after(5, joiners(2, 1));
        assertThat(passed).containsExactly(1L, 2L);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void theLastReadingIsAlwaysDeliveredWithinTheBound(long seed) {
        Random random = new Random(seed);
        long id = 0;
        for (int i = 0; i < 200; i++) {
            id++;
            BlockReading bad = new BlockReading.Bad("torn");
            BoardScanned reading = random.nextInt(10) == 0 ? Boards.scan(id, bad) : joiners(id, 1 + random.nextInt(30));
            after(random.nextInt(40), reading);
        }

        time.advanceTimeBy(Duration.ofMillis(100));

        assertThat(passed).as("seed %s", seed).isSorted().endsWith(id);
    }
}
