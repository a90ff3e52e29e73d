// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import dev.lockstep.board.LockspaceEntry;
import dev.lockstep.board.Report;
import dev.lockstep.core.LockspaceState;
import dev.lockstep.domain.Member;
import dev.lockstep.domain.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Tells the shortest way to a cluster, one step a line, each with what it made of its node. */
final class Story {
    private final Moves moves;
    private final WorldTable worlds;

    Story(Moves moves, WorldTable worlds) {
        this.moves = moves;
        this.worlds = worlds;
    }

    List<String> to(int index) {
        List<Integer> way = new ArrayList<>();
        for (int at = index; at >= 0; at = worlds.parent(at)) {
            way.add(0, at);
        }
        List<String> lines = new ArrayList<>();
        for (int i = 1; i < way.size(); i++) {
            lines.add(i + ". " + line(worlds.get(way.get(i - 1)), worlds.get(way.get(i))));
        }
        return lines;
    }

    private String line(int[] from, int[] to) {
        List<String> found = new ArrayList<>();
        moves.from(from, (node, event, next, violation) -> {
            if (found.isEmpty() && violation.isEmpty() && Arrays.equals(next, to)) {
                found.add(text(node, event, next));
            }
        });
        return found.isEmpty() ? "?" : found.get(0);
    }

    String text(int node, Event event, int[] next) {
        Machine machine = moves.machine(next, node);
        StringBuilder text = new StringBuilder("node " + (node + 1) + ' ' + event.kind());
        if (event.which() != 0) {
            text.append(' ').append(which(event));
        }
        if (event.region() != 0) {
            text.append(" in ").append(moves.cluster.regions.get(event.region()));
        }
        if (event.kind() == Event.Kind.LANDS
                && moves.contents.block(moves.words.block(next, event.region(), node))
                        instanceof Surroundings.Block.Holds holds) {
            return text + ": " + text(holds.report());
        }
        machine.state().ifPresent(state -> {
            state.mustGo().ifPresent(why -> text.append("; must go: ").append(why));
            for (LockspaceState lockspace : state.lockspaces().values()) {
                text.append("; ").append(text(lockspace));
            }
        });
        return text.toString();
    }

    private static String which(Event event) {
        return switch (event.kind()) {
            case READ, SAMPLE, SILENCE -> "nodes " + bits(event.which());
            default -> "#" + event.which();
        };
    }

    private static List<Integer> bits(int which) {
        List<Integer> nodes = new ArrayList<>();
        for (int n = 0; n < Integer.SIZE; n++) {
            if ((which & (1 << n)) != 0) {
                nodes.add(n + 1);
            }
        }
        return nodes;
    }

    private static String text(LockspaceState lockspace) {
        return lockspace.name() + " " + lockspace.phase().map(Enum::name).orElse("ABSENT") + "(" + lockspace.epoch()
                + ") " + text(lockspace.view()) + " kernel "
                + lockspace.kernel().run()
                + lockspace
                        .kernel()
                        .inFlight()
                        .map(m -> " " + m.getClass().getSimpleName())
                        .orElse("")
                + lockspace.unanswered().map(u -> " asks " + u).orElse("")
                + (lockspace.reasons().isEmpty()
                        ? ""
                        : " waits: "
                                + lockspace.reasons().stream()
                                        .map(r -> r.code() + r.nodes().toString())
                                        .toList());
    }

    private static String text(View view) {
        List<String> members = new ArrayList<>();
        for (Member member : view.members()) {
            members.add(member.node() + "/b" + member.boot().low() + "g"
                    + member.generation().value() % 1000 + "j" + member.join());
        }
        return members.toString();
    }

    private static String text(Report report) {
        StringBuilder text = new StringBuilder("boot " + report.boot().low() + " generation "
                + report.generation().value() % 1000 + (report.mustGo() ? " EVICT-ME" : "")
                + (report.floor().value() > 0 ? " floor " + report.floor() : ""));
        report.evictions()
                .forEach(e -> text.append(" evicts ")
                        .append(e.node())
                        .append("/b")
                        .append(e.boot().low())
                        .append(' ')
                        .append(e.kind()));
        for (LockspaceEntry entry : report.lockspaces()) {
            text.append("; ")
                    .append(entry.name())
                    .append(' ')
                    .append(entry.phase())
                    .append('(')
                    .append(entry.epoch())
                    .append(") join ")
                    .append(Cluster.create(entry.join()))
                    .append(" nodes ")
                    .append(entry.nodes());
        }
        return text.toString();
    }
}
