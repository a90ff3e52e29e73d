// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.board.BlockReading;
import dev.lockstep.board.Phase;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class BoardNewsTest {
    private static final BlockReading VACANT = new BlockReading.Vacant();
    private static final BlockReading BAD = new BlockReading.Bad("torn");
    private static final BlockReading EMPTY = Boards.good(1, 5);
    private static final BlockReading JOINS = Boards.good(1, 6, Boards.entry("a", Phase.JOINING));
    private static final BlockReading RUNS = Boards.good(1, 7, Boards.entry("a", Phase.STARTED));
    private static final BlockReading RUNS_AND_JOINS =
            Boards.good(1, 8, Boards.entry("a", Phase.STARTED), Boards.entry("b", Phase.JOINING));
    private static final BlockReading STOPS_AND_JOINS =
            Boards.good(1, 8, Boards.entry("a", Phase.STOPPED), Boards.entry("b", Phase.JOINING));

    static Stream<Arguments> changes() {
        return Stream.of(
                Arguments.of(EMPTY, JOINS, true),
                Arguments.of(RUNS, RUNS_AND_JOINS, true),
                Arguments.of(VACANT, JOINS, true),
                Arguments.of(EMPTY, EMPTY, false),
                Arguments.of(EMPTY, Boards.good(1, 9), false),
                Arguments.of(JOINS, RUNS, false),
                Arguments.of(JOINS, EMPTY, false),
                Arguments.of(RUNS, STOPS_AND_JOINS, false),
                Arguments.of(VACANT, RUNS, false),
                Arguments.of(VACANT, EMPTY, false),
                Arguments.of(BAD, JOINS, false),
                Arguments.of(JOINS, BAD, false),
                Arguments.of(EMPTY, Boards.otherBoot(JOINS), false),
                Arguments.of(EMPTY, Boards.mustGo(JOINS), false),
                Arguments.of(VACANT, Boards.mustGo(JOINS), false));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void onlyAFurtherJoinerIsWorthWaitingFor(BlockReading was, BlockReading is, boolean onlyJoiners) {
        assertThat(BoardNews.onlyJoiners(Boards.scan(1, was), Boards.scan(2, is)))
                .isEqualTo(onlyJoiners);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void anythingElseBesideAJoinerIsNot(BlockReading was, BlockReading is, boolean onlyJoiners) {
        boolean both = BoardNews.onlyJoiners(Boards.scan(1, EMPTY, was), Boards.scan(2, JOINS, is));
        assertThat(both).isEqualTo(onlyJoiners || sameButSeq(was, is));
    }

    private static boolean sameButSeq(BlockReading was, BlockReading is) {
        return was.equals(EMPTY) && (is.equals(EMPTY) || is.equals(Boards.good(1, 9)));
    }
}
