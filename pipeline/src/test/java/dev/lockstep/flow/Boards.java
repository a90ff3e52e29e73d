// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.board.BlockReading;
import dev.lockstep.board.LockspaceEntry;
import dev.lockstep.board.Phase;
import dev.lockstep.board.Report;
import dev.lockstep.board.SettingsDigest;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.JoinNumber;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.domain.ViewDigest;
import dev.lockstep.evidence.Evidence.BoardScanned;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reports and readings as small as they can be. */
final class Boards {
    static final RegionId REGION = new RegionId("R1");

    private Boards() {}

    static Report report(int node, long seq, LockspaceEntry... entries) {
        return new Report(
                REGION,
                NodeNumber.of(node),
                new BootId(1, node + 1),
                new Generation(7),
                seq,
                new SettingsDigest(List.of(1)),
                false,
                Epoch.NONE,
                List.of(),
                List.of(entries));
    }

    static BlockReading good(int node, long seq, LockspaceEntry... entries) {
        return new BlockReading.Good(report(node, seq, entries));
    }

    static LockspaceEntry entry(String name, Phase phase) {
        Epoch epoch = phase == Phase.JOINING ? Epoch.NONE : new Epoch(1);
        return new LockspaceEntry(
                new LockspaceName(name), new JoinNumber(1), phase, epoch, ViewDigest.NONE, new TreeSet<>());
    }

    static BlockReading otherBoot(BlockReading reading) {
        return changed(reading, new BootId(9, 9), false);
    }

    static BlockReading mustGo(BlockReading reading) {
        Report report = ((BlockReading.Good) reading).report();
        return changed(reading, report.boot(), true);
    }

    private static BlockReading changed(BlockReading reading, BootId boot, boolean mustGo) {
        Report report = ((BlockReading.Good) reading).report();
        return new BlockReading.Good(new Report(
                report.region(),
                report.node(),
                boot,
                report.generation(),
                report.seq(),
                report.settings(),
                mustGo,
                report.floor(),
                report.evictions(),
                report.lockspaces()));
    }

    static BoardScanned scan(long atNs, BlockReading... blocks) {
        SortedMap<NodeNumber, BlockReading> all = new TreeMap<>();
        for (int node = 0; node < blocks.length; node++) {
            all.put(NodeNumber.of(node), blocks[node]);
        }
        return new BoardScanned(atNs, atNs, REGION, all);
    }
}
