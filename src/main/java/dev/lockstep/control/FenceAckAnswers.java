// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.control;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.lockstep.control.StatusSnapshot.NodeInRegion;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.exit.ExitCode;
import dev.lockstep.reason.Reason;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Shows which lives of a node a {@code fence-ack} may be about, and takes the word for exactly one of them. Two steps,
 * so that a node which came back in between is not declared dead.
 */
final class FenceAckAnswers {
    private final StatusSnapshot snapshot;
    private final FenceAcks acks;
    private final long nowNs;

    /**
     * One life of the node, as its reports tell of it. Regions may tell of different ones: a life that could not write
     * to a region left an older life's report there.
     *
     * @param changedNs when a report of it was last read anew
     * @param seen whether it is seen to heartbeat
     */
    private record Life(BootId boot, long changedNs, boolean seen) {}

    FenceAckAnswers(StatusSnapshot snapshot, FenceAcks acks, long nowNs) {
        this.snapshot = snapshot;
        this.acks = acks;
        this.nowNs = nowNs;
    }

    Answer answer(Request request) {
        String asked = request.arguments().get(0);
        List<NodeInRegion> places = places(asked);
        if (places.isEmpty()) {
            return Answer.failure(ExitCode.UNAVAILABLE, "no node " + asked + " in any region");
        }
        NodeNumber node = places.get(0).node();
        if (node.equals(snapshot.node())) {
            return Answer.failure(ExitCode.NO_PERMISSION, "node " + node + " is this node, and it runs");
        }
        List<Life> lives = lives(places);
        if (lives.isEmpty()) {
            return Answer.failure(
                    ExitCode.UNAVAILABLE, "node " + node + " never reported, so nobody waits for its death");
        }
        if (request.arguments().size() == 2) {
            return acknowledge(places.get(0), lives, request);
        }
        return Answer.of(request.json() ? shownAsJson(places.get(0), lives) : shown(places.get(0), lives));
    }

    /** A number is never taken for a name: some node may be named as another is numbered. */
    private List<NodeInRegion> places(String asked) {
        List<NodeInRegion> numbered = snapshot.nodes()
                .filter(node -> node.node().toString().equals(asked))
                .toList();
        return numbered.isEmpty()
                ? snapshot.nodes()
                        .filter(node -> node.name().equalsIgnoreCase(asked))
                        .toList()
                : numbered;
    }

    /** {@return the lives that reports tell of, the one that was heard of last first} */
    private static List<Life> lives(List<NodeInRegion> places) {
        Map<BootId, Long> changed = new HashMap<>();
        places.stream()
                .flatMap(place -> place.report().stream())
                .forEach(report -> changed.merge(report.boot(), report.changedNs(), Math::max));
        return changed.entrySet().stream()
                .map(life -> new Life(life.getKey(), life.getValue(), isSeen(life.getKey(), places)))
                .sorted(Comparator.comparingLong(Life::changedNs).reversed().thenComparing(Life::boot))
                .toList();
    }

    private static boolean isSeen(BootId life, List<NodeInRegion> places) {
        return places.stream().anyMatch(place -> place.mayBe(life));
    }

    private Answer acknowledge(NodeInRegion place, List<Life> lives, Request request) {
        NodeNumber node = place.node();
        String given = request.arguments().get(1);
        Optional<Life> life = lives.stream()
                .filter(each -> each.boot().toString().equalsIgnoreCase(given))
                .findFirst();
        if (life.isEmpty()) {
            String known = lives.stream().map(each -> each.boot().toString()).collect(Collectors.joining(" or "));
            return Answer.failure(
                    ExitCode.NO_PERMISSION,
                    "node " + node + "'s last boot is " + known + ", not " + given
                            + "; look again with 'lockstep fence-ack " + node + "'");
        }
        if (life.get().seen()) {
            return Answer.failure(
                    ExitCode.NO_PERMISSION,
                    "node " + node + " still heartbeats; power it off first and wait until its heartbeat is down");
        }
        BootId boot = life.get().boot();
        Optional<String> refusal = acks.acknowledge(node, boot);
        if (refusal.isPresent()) {
            return Answer.failure(ExitCode.NO_PERMISSION, refusal.get());
        }
        String text = "Took your word that boot " + boot + " of node " + node + " is over.\n";
        return Answer.of(request.json() ? acknowledgedAsJson(place, boot) : text);
    }

    private String shown(NodeInRegion of, List<Life> lives) {
        NodeNumber node = of.node();
        StringBuilder out = new StringBuilder();
        for (Life life : lives) {
            out.append("node ").append(node).append(' ').append(Printable.line(of.name()));
            out.append(", boot ").append(life.boot());
            out.append(", last report ")
                    .append(Age.text(Age.ms(life.changedNs(), nowNs)))
                    .append(" ago\n");
        }
        snapshot.regions()
                .forEach(region -> region.nodes().stream()
                        .filter(place -> place.node().equals(node))
                        .forEach(place -> out.append("  region ")
                                .append(region.name())
                                .append(": heartbeat ")
                                .append(TextAnswers.heartbeat(place))
                                .append(lives.size() == 1 ? "" : reported(place))
                                .append('\n')));
        SortedSet<String> waiting = waiting(node);
        out.append("  lockspaces that wait for it: ")
                .append(waiting.isEmpty() ? "none" : String.join(", ", waiting))
                .append('\n');
        appendWayOut(out, node, lives);
        return out.toString();
    }

    private static String reported(NodeInRegion place) {
        return place.report().map(report -> ", report of boot " + report.boot()).orElse(", no report");
    }

    private static void appendWayOut(StringBuilder out, NodeNumber node, List<Life> lives) {
        List<Life> over = lives.stream().filter(life -> !life.seen()).toList();
        for (Life life : lives) {
            if (life.seen() && !over.isEmpty()) {
                out.append("Boot ").append(life.boot()).append(" still heartbeats.\n");
            }
        }
        if (over.isEmpty()) {
            out.append("It still heartbeats: power it off first.\n");
            return;
        }
        out.append("If this machine is certainly off, or has been reset since, say so with\n");
        over.forEach(life -> out.append("  lockstep fence-ack ")
                .append(node)
                .append(" --boot ")
                .append(life.boot())
                .append('\n'));
        if (over.size() > 1) {
            out.append("for each of these lives that is over.\n");
        }
        out.append("If it still runs, its file systems and everybody else's will be destroyed.\n");
    }

    private SortedSet<String> waiting(NodeNumber node) {
        SortedSet<String> names = new TreeSet<>();
        snapshot.lockspaces().stream()
                .filter(lockspace ->
                        lockspace.reasons().stream().map(Reason::nodes).anyMatch(nodes -> nodes.contains(node)))
                .forEach(lockspace -> names.add(lockspace.name().toString()));
        return names;
    }

    private String shownAsJson(NodeInRegion of, List<Life> lives) {
        return JsonAnswers.document(json -> {
            json.writeNumberField("node", of.node().value());
            json.writeStringField("name", of.name());
            life(json, lives.get(0));
            json.writeArrayFieldStart("lives");
            for (Life life : lives) {
                json.writeStartObject();
                life(json, life);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("waiting");
            for (String lockspace : waiting(of.node())) {
                json.writeString(lockspace);
            }
            json.writeEndArray();
            json.writeBooleanField("acknowledged", false);
        });
    }

    private void life(JsonGenerator json, Life life) throws IOException {
        json.writeStringField("boot", life.boot().toString());
        json.writeNumberField("reportAgeMs", Age.ms(life.changedNs(), nowNs));
        json.writeBooleanField("alive", life.seen());
    }

    private static String acknowledgedAsJson(NodeInRegion place, BootId boot) {
        return JsonAnswers.document(json -> {
            json.writeNumberField("node", place.node().value());
            json.writeStringField("name", place.name());
            json.writeStringField("boot", boot.toString());
            json.writeBooleanField("acknowledged", true);
        });
    }
}
