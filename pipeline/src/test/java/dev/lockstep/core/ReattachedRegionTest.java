// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import static dev.lockstep.core.Solo.FOO;
import static dev.lockstep.core.Solo.R;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.board.Phase;
import dev.lockstep.board.Report;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.uevent.Uevent;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A region that is announced again has another writer, which knows nothing of what the one before did not end. */
class ReattachedRegionTest {

    private final Solo solo = new Solo(1, R).alive();

    @Test
    void aReportThatWasOnItsWayIsHandedOverAgain() {
        Report inFlight = reportOfTheJoin();
        announced();
        Report again = planned();
        assertThat(again.saysSameAs(inFlight)).isTrue();
        assertThat(solo.state.lastOwnSeq(R)).isEqualTo(inFlight.seq());
    }

    @Test
    void aReportThatReachesTheDiskAllTheSameIsNotHandedOverAgain() {
        Report inFlight = reportOfTheJoin();
        announced();
        solo.writes(inFlight);
        solo.tick(1);
        solo.feed(new Evidence.ReportPublished(solo.nowNs, inFlight));
        assertThat(Core.plan(solo.state, new Scope.OfRegion(R)).report().filter(inFlight::saysSameAs))
                .isEmpty();
    }

    /** What was on its way may be on the disk, or get there yet. */
    @Test
    void whatWasOnTheDiskBeforeIsWrittenAgainIfItIsWantedAgain() {
        solo.publish();
        Report before = Optional.ofNullable(solo.state.regions().get(R))
                .flatMap(RegionState::published)
                .orElseThrow();
        Report inFlight = before.withSeq(before.seq() + 1);
        solo.state = Core.observe(solo.state, new Evidence.ReportSubmitted(solo.nowNs, inFlight))
                .state();
        announced();
        assertThat(planned().saysSameAs(before)).isTrue();
    }

    private Report reportOfTheJoin() {
        solo.writesReports = false;
        solo.uevent(Uevent.Action.ONLINE, FOO);
        assertThat(solo.foo().phase()).contains(Phase.JOINING);
        return Optional.ofNullable(solo.state.regions().get(R))
                .flatMap(RegionState::submitted)
                .orElseThrow();
    }

    private void announced() {
        solo.state = Core.observe(solo.state, new Evidence.RegionFound(solo.nowNs, R, true, ""))
                .state();
    }

    private Report planned() {
        return Core.plan(solo.state, new Scope.OfRegion(R)).report().orElseThrow();
    }
}
