// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import dev.lockstep.board.SettingsDigest;
import dev.lockstep.core.ClusterFacts;
import dev.lockstep.core.Guards;
import dev.lockstep.domain.JoinNumber;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.domain.View;
import dev.lockstep.domain.ViewDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** The cluster's constants: its nodes, regions and lockspaces, and a heartbeat with a period of next to nothing. */
final class Cluster {
    static final int T = 3;
    /** Long against a step, which takes a few nanoseconds. */
    static final long PERIOD_NS = 2000;

    /** Longer than anything is waited for. */
    static final long LATE_NS = 1_000_000_000;

    /** Join numbers are milliseconds: lockspaces are created so long after each other that they can be counted. */
    static final long BETWEEN_CREATES_NS = 1_000_000_000_000L;

    final SearchSettings settings;
    final List<RegionId> regions = new ArrayList<>();
    final List<LockspaceName> lockspaces = new ArrayList<>();
    final SortedSet<NodeNumber> nodes = new TreeSet<>();
    /** All that a node may be called; the first keeps every name. */
    final List<Renaming> renamings;

    private final Guards guards;
    private final Map<ViewDigest, View> views = new HashMap<>();

    Cluster(SearchSettings settings) {
        this.settings = settings;
        for (int r = 0; r < settings.regions(); r++) {
            regions.add(new RegionId(r == 0 ? "R" : "S"));
        }
        List<Guards.Rule> rules = new ArrayList<>();
        for (int k = 0; k < settings.lockspaces(); k++) {
            lockspaces.add(new LockspaceName(k == 0 ? "foo" : "bar"));
            rules.add(new Guards.Rule(lockspaces.get(k).value(), regions.get(k % settings.regions())));
        }
        guards = new Guards(rules, regions.size());
        for (int n = 1; n <= settings.nodes(); n++) {
            nodes.add(NodeNumber.of(n));
        }
        List<Renaming> all = Renaming.all(settings.nodes());
        renamings = settings.reduces(Reduction.NODES_ALIKE) ? all : all.subList(0, 1);
        views.put(ViewDigest.NONE, View.EMPTY);
    }

    ClusterFacts facts(int number, int boots) {
        return new ClusterFacts(
                NodeNumber.of(number),
                Machine.boot(number, boots),
                nodes,
                0,
                T,
                PERIOD_NS,
                0,
                new SettingsDigest(List.of(1)),
                guards,
                ClusterFacts.FenceMode.SELF);
    }

    /** Whether blocks may lose what was on them, so that readers have to tell reports by their true seq. */
    boolean losesReports() {
        return settings.budget(Fault.WIPED) + settings.budget(Fault.GARBLED) > 0;
    }

    /** Remembers what the digest in a report stands for. */
    void note(View view) {
        views.putIfAbsent(view.digest(), view);
    }

    View view(ViewDigest digest) {
        View view = views.get(digest);
        if (view == null) {
            throw new IllegalStateException("no view has the digest " + digest);
        }
        return view;
    }

    /** {@return which create of its machine's boot a join follows} */
    static long create(JoinNumber join) {
        return join.value() / (BETWEEN_CREATES_NS / 1_000_000);
    }

    int region(RegionId id) {
        return regions.indexOf(id);
    }
}
