// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.control;

import dev.lockstep.board.Eviction;
import dev.lockstep.board.Phase;
import dev.lockstep.control.StatusSnapshot.LastReport;
import dev.lockstep.control.StatusSnapshot.Lockspace;
import dev.lockstep.control.StatusSnapshot.NodeInRegion;
import dev.lockstep.control.StatusSnapshot.Region;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.JoinNumber;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.Member;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.domain.View;
import dev.lockstep.heartbeat.SlotState.Cause;
import dev.lockstep.heartbeat.SlotState.Status;
import dev.lockstep.reason.Reason;
import dev.lockstep.reason.ReasonCode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A cluster of three as node 1 sees it at 100 s: node 2 lives, node 3 fell silent and may hold locks of foo. */
final class Snapshots {
    static final long NOW_NS = 100_000_000_000L;

    static final BootId BOOT_1 = new BootId(0, 1);
    static final BootId BOOT_2 = new BootId(0, 2);
    static final BootId BOOT_3 = new BootId(0, 3);

    /** Of a life of node 3 before that. */
    static final BootId FORMER_BOOT_3 = new BootId(0, 9);

    private Snapshots() {}

    static StatusSnapshot three() {
        return three(Status.DOWN, Cause.TIMEOUT, new Generation(0x33));
    }

    static StatusSnapshot three(Status third, Cause cause, Generation generation) {
        return three("beta", "gamma", third, cause, generation);
    }

    static StatusSnapshot three(String second, String third) {
        return three(second, third, Status.DOWN, Cause.TIMEOUT, new Generation(0x33));
    }

    /** Node 3 did not reach R2 in its last life, and heartbeats in R1 or not; R2 was read after R1. */
    static StatusSnapshot threeInTwoRegions(Status thirdInOne) {
        return threeInTwoRegions(thirdInOne, new Generation(0x33));
    }

    static StatusSnapshot threeInTwoRegions(Status thirdInOne, Generation inOne) {
        StatusSnapshot one = three(thirdInOne, thirdInOne == Status.LIVE ? Cause.NONE : Cause.TIMEOUT, inOne);
        NodeInRegion former = new NodeInRegion(
                new NodeNumber(3),
                "gamma",
                Status.DOWN,
                Cause.TIMEOUT,
                new Generation(0x30),
                Optional.of(new LastReport(FORMER_BOOT_3, new Generation(0x30), 5, 99_500_000_000L)),
                "",
                new StatusSnapshot.Ignored(0, 0, 0));
        Region two = new Region(new RegionId("R2"), "/dev/sdc1", true, "", 0, List.of(former));
        return new StatusSnapshot(
                one.node(),
                one.nodeName(),
                one.boot(),
                one.startedNs(),
                true,
                List.of(one.regions().get(0), two),
                one.lockspaces(),
                one.mustGo(),
                one.evictions(),
                one.uevents(),
                one.ignoredWakeUps());
    }

    private static StatusSnapshot three(
            String secondName, String thirdName, Status third, Cause cause, Generation generation) {
        Region region = new Region(
                new RegionId("R1"),
                "/dev/sdb1",
                true,
                "",
                4,
                List.of(
                        node(1, "alpha", Status.LIVE, Cause.NONE, new Generation(0x11), BOOT_1, 0x11),
                        node(2, secondName, Status.LIVE, Cause.NONE, new Generation(0x22), BOOT_2, 0x22),
                        node(3, thirdName, third, cause, generation, BOOT_3, 0x33)));
        Member one = new Member(new NodeNumber(1), BOOT_1, new Generation(0x11), new JoinNumber(1));
        Member two = new Member(new NodeNumber(2), BOOT_2, new Generation(0x22), new JoinNumber(4));
        Lockspace running = new Lockspace(
                new LockspaceName("bar"),
                Optional.of(new RegionId("R1")),
                Optional.of(Phase.STARTED),
                new Epoch(7),
                View.of(List.of(one, two)),
                OptionalInt.of(0xff),
                List.of());
        Lockspace waiting = new Lockspace(
                new LockspaceName("foo"),
                Optional.of(new RegionId("R1")),
                Optional.of(Phase.STOPPED),
                new Epoch(8),
                View.of(List.of(one, two)),
                OptionalInt.of(0),
                List.of(Reason.of(
                        ReasonCode.UNSETTLED, List.of(new NodeNumber(3)), "STARTED in epoch 7", 88_000_000_000L)));
        return new StatusSnapshot(
                new NodeNumber(1),
                "alpha",
                BOOT_1,
                40_000_000_000L,
                true,
                List.of(region),
                List.of(running, waiting),
                Optional.empty(),
                List.of(new Eviction(new NodeNumber(3), FORMER_BOOT_3, new Generation(0x30), Eviction.Kind.REBOOTED)),
                new StatusSnapshot.Uevents(9, 2, 3, 1),
                5);
    }

    /** The same node before it has read the kernel and its memory: the regions are all it knows. */
    static StatusSnapshot notStarted() {
        StatusSnapshot later = three();
        return new StatusSnapshot(
                later.node(),
                later.nodeName(),
                later.boot(),
                later.startedNs(),
                false,
                later.regions(),
                List.of(),
                Optional.empty(),
                List.of(),
                new StatusSnapshot.Uevents(0, 0, 0, 0),
                0);
    }

    private static NodeInRegion node(
            int number, String name, Status status, Cause cause, Generation now, BootId boot, long reported) {
        return new NodeInRegion(
                new NodeNumber(number),
                name,
                status,
                cause,
                now,
                Optional.of(new LastReport(boot, new Generation(reported), 5, 98_500_000_000L)),
                "",
                new StatusSnapshot.Ignored(number == 3 ? 7 : 0, 0, number == 3 ? 2 : 0));
    }
}
