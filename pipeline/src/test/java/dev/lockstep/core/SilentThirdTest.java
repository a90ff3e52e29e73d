// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import static dev.lockstep.core.Solo.FOO;
import static dev.lockstep.core.Solo.R;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.board.Phase;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.Member;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.View;
import dev.lockstep.kernel.Mutation;
import dev.lockstep.reason.ReasonCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules 1 and 8: a third node of which nothing is known keeps none from stopping, and is named. */
class SilentThirdTest {

    private final Solo solo = new Solo(3, R).alive().peer(R, 2, 1, 1);

    @Test
    void aMemberThatDiesStopsWhatRunsThoughAThirdBeatsAndHasNoAgent() {
        thirdBeatsWithoutAWord();
        solo.periods(Solo.T + 3, 1, 3);
        solo.done(solo.take(Mutation.Stop.class));
        solo.periods(2, 1, 3);
        assertThat(solo.foo().phase()).contains(Phase.STOPPED);
        assertThat(solo.why(FOO)).containsExactly(ReasonCode.BOARD_UNREAD);
        assertThat(solo.foo().reasons().get(0).nodes()).containsExactly(NodeNumber.of(3));
        solo.says(R, 3, 1, 1);
        solo.periods(3, 1, 3);
        solo.open(Mutation.RemoveComm.class).ifPresent(solo::done);
        solo.periods(2, 1, 3);
        solo.take(Mutation.Start.class);
    }

    @Test
    void aThirdThatBeginsToBeatStopsNothing() {
        thirdBeatsWithoutAWord();
        solo.ever.clear();
        solo.periods(5, 1, 2, 3);
        assertThat(solo.ever).isEmpty();
        assertThat(solo.foo().reasons()).isEmpty();
    }

    /** It could not start again before the third says something. */
    @Test
    void nobodyIsTakenInWhileAThirdBeatsWithoutAWord() {
        Solo four = fourOfWhichTheThirdBeatsWithoutAWord();
        four.says(R, 4, 1, 1, Solo.joining(FOO, 1));
        four.periods(4, 1, 2, 3, 4);
        assertThat(four.ever).isEmpty();
        assertThat(four.foo().phase()).contains(Phase.STARTED);
        four.says(R, 3, 1, 1);
        four.periods(2, 1, 2, 3, 4);
        four.take(Mutation.Stop.class);
    }

    /** Another member took it in before the third began to beat; that one may as well be dead by now. */
    @Test
    void noEpochOfWhoIsNotTakenInIsAdoptedWhileAThirdBeatsWithoutAWord() {
        Solo four = fourOfWhichTheThirdBeatsWithoutAWord();
        List<Member> members = new ArrayList<>(four.foo().view().members());
        members.add(Solo.member(4, 1, 1, 1));
        Epoch next = four.foo().epoch().next();
        four.says(R, 4, 1, 1, Solo.entry(FOO, 1, Phase.STOPPED, next, View.of(members)));
        four.periods(4, 1, 2, 3, 4);
        assertThat(four.ever).isEmpty();
        assertThat(four.foo().phase()).contains(Phase.STARTED);
        four.says(R, 3, 1, 1);
        four.periods(2, 1, 2, 3, 4);
        four.take(Mutation.Stop.class);
    }

    @Test
    void whatRunsWithADeadMemberSaysWhyItIsNotStopped() {
        solo.says(R, 3, 1, 1);
        solo.runs(FOO, R, 2);
        solo.disk(R).unreadable.add(NodeNumber.of(3));
        solo.start(Core.memory(solo.state), Solo.kernel(Solo.found(FOO, 0xff, 1, 2), 2));
        solo.periods(4, 1, 2);
        assertThat(solo.foo().reasons()).isEmpty();
        solo.periods(Solo.T + 3, 1);
        assertThat(solo.open(Mutation.Stop.class)).isEmpty();
        assertThat(solo.why(FOO)).containsExactly(ReasonCode.BOARD_UNREAD);
    }

    /** foo runs on nodes 1 and 2; node 4 has an agent. */
    private static Solo fourOfWhichTheThirdBeatsWithoutAWord() {
        Solo solo = new Solo(4, R).alive().peer(R, 2, 1, 1).peer(R, 4, 1, 1).runs(FOO, R, 2);
        for (int i = 0; i < 3; i++) {
            solo.session(R, 3, Solo.generation(3, 1));
            solo.period(1, 2, 4);
        }
        solo.ever.clear();
        return solo;
    }

    private void thirdBeatsWithoutAWord() {
        solo.runs(FOO, R, 2);
        for (int i = 0; i < 3; i++) {
            solo.session(R, 3, Solo.generation(3, 1));
            solo.period(1, 2);
        }
    }
}
