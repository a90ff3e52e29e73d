// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.board;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.JoinNumber;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.domain.ViewDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;

/** Reports to test with. */
public final class ReportSamples {
    /** A region. */
    public static final RegionId REGION = new RegionId("9F3B2C6D1E4A4F5B8C7D6E5F40312213");

    private static final List<Phase> PHASES = List.of(Phase.values());
    private static final List<Eviction.Kind> KINDS = List.of(Eviction.Kind.values());

    private ReportSamples() {}

    /** {@return a report with one of everything} */
    public static Report rich(int node, long seq) {
        return new Report(
                REGION,
                NodeNumber.of(node),
                new BootId(0x1122334455667788L, 0x99aabbccddeeff00L),
                new Generation(0x8877665544332211L),
                seq,
                new SettingsDigest(List.of(1, -2, 3)),
                true,
                new Epoch(41),
                List.of(new Eviction(NodeNumber.of(254), new BootId(5, 6), new Generation(7), Eviction.Kind.FENCED)),
                List.of(
                        entry("clvmd", Phase.STARTED, 42, nodes(0, 1, 254)),
                        entry("foo", Phase.JOINING, 0, nodes()),
                        entry("gfs\u00e9", Phase.STOPPED, 43, nodes(0, 1, 254))),
                List.of(new FenceAttempt(
                        NodeNumber.of(253),
                        new BootId(8, 9),
                        new Generation(10),
                        FenceAttempt.Status.FAILED,
                        3,
                        FenceAttempt.TIMED_OUT)),
                new Links(nodes(1, 254), nodes(0, 2)));
    }

    /** {@return a report that lists that many lockspaces, their names {@code nameBytes} long, of three nodes} */
    public static Report crowded(int node, long seq, int lockspaces, int nameBytes) {
        List<LockspaceEntry> entries = new ArrayList<>();
        for (int i = 0; i < lockspaces; i++) {
            entries.add(entry(String.format("%0" + nameBytes + "d", i), Phase.STARTED, i + 1, nodes(1, 2, 3)));
        }
        Report base = rich(node, seq);
        return new Report(
                base.region(),
                base.node(),
                base.boot(),
                base.generation(),
                seq,
                base.settings(),
                false,
                base.floor(),
                List.of(),
                entries);
    }

    /** {@return a report of anything that may stand in one} */
    public static Report random(Random random, int node) {
        List<LockspaceEntry> entries = new ArrayList<>();
        NavigableSet<String> names = new TreeSet<>();
        int lockspaces = random.nextInt(12);
        for (int i = 0; i < lockspaces; i++) {
            StringBuilder name = new StringBuilder("n");
            random.ints(random.nextInt(63), '0', 256).forEach(c -> name.append((char) c));
            names.add(name.toString());
        }
        for (String name : names) {
            int[] view = random.ints(random.nextInt(6), 0, 255).toArray();
            entries.add(entry(name, PHASES.get(random.nextInt(4)), random.nextLong() >>> 2, nodes(view)));
        }
        List<Eviction> evictions = random.ints(random.nextInt(5), 0, 255)
                .mapToObj(n -> new Eviction(
                        NodeNumber.of(n),
                        new BootId(random.nextLong(), 1),
                        new Generation(random.nextLong()),
                        KINDS.get(random.nextInt(5))))
                .toList();
        return new Report(
                new RegionId("r" + random.nextInt(1000)),
                NodeNumber.of(node),
                new BootId(1, random.nextLong()),
                new Generation(random.nextLong()),
                1 + (random.nextLong() >>> 2),
                new SettingsDigest(random.ints(random.nextInt(10)).boxed().toList()),
                random.nextBoolean(),
                new Epoch(random.nextLong() >>> 2),
                evictions,
                entries,
                fences(random),
                links(random, node));
    }

    private static Links links(Random random, int node) {
        SortedSet<NodeNumber> up = nodes(random.ints(random.nextInt(4), 0, 255).toArray());
        SortedSet<NodeNumber> cut = nodes(random.ints(random.nextInt(4), 0, 255).toArray());
        cut.removeAll(up);
        cut.remove(NodeNumber.of(node));
        return new Links(up, cut);
    }

    private static List<FenceAttempt> fences(Random random) {
        return random.ints(random.nextInt(4), 0, 255)
                .mapToObj(n -> new FenceAttempt(
                        NodeNumber.of(n),
                        new BootId(random.nextLong(), 1),
                        new Generation(random.nextLong()),
                        random.nextBoolean() ? FenceAttempt.Status.RUNNING : FenceAttempt.Status.FAILED,
                        1 + random.nextInt(1000),
                        random.nextInt(FenceAttempt.UNKNOWN + 1)))
                .toList();
    }

    private static LockspaceEntry entry(String name, Phase phase, long epoch, SortedSet<NodeNumber> nodes) {
        return new LockspaceEntry(
                new LockspaceName(name), new JoinNumber(9), phase, new Epoch(epoch), new ViewDigest(epoch * 31), nodes);
    }

    private static SortedSet<NodeNumber> nodes(int... numbers) {
        NavigableSet<NodeNumber> nodes = new TreeSet<>();
        for (int number : numbers) {
            nodes.add(NodeNumber.of(number));
        }
        return nodes;
    }
}
