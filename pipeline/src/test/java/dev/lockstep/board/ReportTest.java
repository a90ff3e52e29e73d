// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ReportTest {

    private static Report report(long seq, FenceAttempt... fences) {
        return new Report(
                new RegionId("R"),
                NodeNumber.of(1),
                new BootId(1, 1),
                new Generation(7),
                seq,
                new SettingsDigest(List.of(1)),
                false,
                Epoch.NONE,
                List.of(),
                List.of(),
                List.of(fences),
                Links.NONE);
    }

    @Test
    void saysTheSameUnderAnotherSeq() {
        assertThat(report(1).saysSameAs(report(2))).isTrue();
    }

    @Test
    void saysSomethingElseOnceItFencesANode() {
        FenceAttempt attempt = new FenceAttempt(
                NodeNumber.of(2), new BootId(2, 1), new Generation(9), FenceAttempt.Status.RUNNING, 1, 0);
        assertThat(report(1).saysSameAs(report(2, attempt))).isFalse();
    }

    @Test
    void saysSomethingElseAboutItsGoing() {
        Report stays = report(1);
        Report goes = new Report(
                stays.region(),
                stays.node(),
                stays.boot(),
                stays.generation(),
                1,
                stays.settings(),
                true,
                stays.floor(),
                stays.evictions(),
                stays.lockspaces(),
                stays.fences(),
                stays.links());
        assertThat(stays.saysSameAs(goes)).isFalse();
    }

    @Test
    void saysSomethingElseOnceALinkIsCut() {
        Report reaches = report(1);
        Report cutOff = new Report(
                reaches.region(),
                reaches.node(),
                reaches.boot(),
                reaches.generation(),
                1,
                reaches.settings(),
                false,
                reaches.floor(),
                reaches.evictions(),
                reaches.lockspaces(),
                reaches.fences(),
                new Links(new TreeSet<>(), new TreeSet<>(List.of(NodeNumber.of(2)))));
        assertThat(reaches.saysSameAs(cutOff)).isFalse();
    }
}
