// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.control;

import dev.lockstep.control.StatusSnapshot.LastReport;
import dev.lockstep.control.StatusSnapshot.NodeInRegion;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.exit.ExitCode;
import dev.lockstep.reason.Reason;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Shows which life of a node a {@code fence-ack} would be about, and takes the word for exactly that life. Two steps,
 * so that a node which came back in between is not declared dead.
 */
final class FenceAckAnswers {
    private final StatusSnapshot snapshot;
    private final FenceAcks acks;
    private final long nowNs;

    FenceAckAnswers(StatusSnapshot snapshot, FenceAcks acks, long nowNs) {
        this.snapshot = snapshot;
        this.acks = acks;
        this.nowNs = nowNs;
    }

    Answer answer(Request request) {
        String asked = request.arguments().get(0);
        List<NodeInRegion> places = snapshot.nodes()
                .filter(node ->
                        node.node().toString().equals(asked) || node.name().equalsIgnoreCase(asked))
                .toList();
        if (places.isEmpty()) {
            return Answer.failure(ExitCode.UNAVAILABLE, "no node " + asked + " in any region");
        }
        NodeNumber node = places.get(0).node();
        if (node.equals(snapshot.node())) {
            return Answer.failure(ExitCode.NO_PERMISSION, "node " + node + " is this node, and it runs");
        }
        Optional<LastReport> last = places.stream()
                .flatMap(place -> place.report().stream())
                .max(Comparator.comparingLong(LastReport::changedNs));
        if (last.isEmpty()) {
            return Answer.failure(
                    ExitCode.UNAVAILABLE, "node " + node + " never reported, so nobody waits for its death");
        }
        if (request.arguments().size() == 2) {
            return acknowledge(node, places, last.get(), request);
        }
        return Answer.of(request.json() ? shownAsJson(places, last.get()) : shown(node, places, last.get()));
    }

    private Answer acknowledge(NodeNumber node, List<NodeInRegion> places, LastReport last, Request request) {
        String given = request.arguments().get(1);
        if (!last.boot().toString().equalsIgnoreCase(given)) {
            return Answer.failure(
                    ExitCode.NO_PERMISSION,
                    "node " + node + "'s last boot is " + last.boot() + ", not " + given
                            + "; look again with 'lockstep fence-ack " + node + "'");
        }
        if (lives(places)) {
            return Answer.failure(
                    ExitCode.NO_PERMISSION,
                    "node " + node + " still heartbeats; power it off first and wait until its heartbeat is down");
        }
        BootId boot = last.boot();
        Optional<String> refusal = acks.acknowledge(node, boot);
        if (refusal.isPresent()) {
            return Answer.failure(ExitCode.NO_PERMISSION, refusal.get());
        }
        String text = "Took your word that boot " + boot + " of node " + node + " is over.\n";
        return Answer.of(request.json() ? acknowledgedAsJson(places.get(0), boot) : text);
    }

    private String shown(NodeNumber node, List<NodeInRegion> places, LastReport last) {
        StringBuilder out = new StringBuilder();
        out.append("node ")
                .append(node)
                .append(' ')
                .append(Printable.line(places.get(0).name()));
        out.append(", boot ").append(last.boot());
        out.append(", last report ")
                .append(Age.text(Age.ms(last.changedNs(), nowNs)))
                .append(" ago\n");
        snapshot.regions()
                .forEach(region -> region.nodes().stream()
                        .filter(place -> place.node().equals(node))
                        .forEach(place -> out.append("  region ")
                                .append(region.name())
                                .append(": heartbeat ")
                                .append(TextAnswers.heartbeat(place))
                                .append('\n')));
        SortedSet<String> waiting = waiting(node);
        out.append("  lockspaces that wait for it: ")
                .append(waiting.isEmpty() ? "none" : String.join(", ", waiting))
                .append('\n');
        if (lives(places)) {
            out.append("It still heartbeats: power it off first.\n");
        } else {
            out.append("If this machine is certainly off, or has been reset since, say so with\n");
            out.append("  lockstep fence-ack ")
                    .append(node)
                    .append(" --boot ")
                    .append(last.boot())
                    .append('\n');
            out.append("If it still runs, its file systems and everybody else's will be destroyed.\n");
        }
        return out.toString();
    }

    private SortedSet<String> waiting(NodeNumber node) {
        SortedSet<String> names = new TreeSet<>();
        snapshot.lockspaces().stream()
                .filter(lockspace ->
                        lockspace.reasons().stream().map(Reason::nodes).anyMatch(nodes -> nodes.contains(node)))
                .forEach(lockspace -> names.add(lockspace.name().toString()));
        return names;
    }

    private String shownAsJson(List<NodeInRegion> places, LastReport last) {
        return JsonAnswers.document(json -> {
            json.writeNumberField("node", places.get(0).node().value());
            json.writeStringField("name", places.get(0).name());
            json.writeStringField("boot", last.boot().toString());
            json.writeNumberField("reportAgeMs", Age.ms(last.changedNs(), nowNs));
            json.writeBooleanField("alive", lives(places));
            json.writeArrayFieldStart("waiting");
            for (String lockspace : waiting(places.get(0).node())) {
                json.writeString(lockspace);
            }
            json.writeEndArray();
            json.writeBooleanField("acknowledged", false);
        });
    }

    private static String acknowledgedAsJson(NodeInRegion place, BootId boot) {
        return JsonAnswers.document(json -> {
            json.writeNumberField("node", place.node().value());
            json.writeStringField("name", place.name());
            json.writeStringField("boot", boot.toString());
            json.writeBooleanField("acknowledged", true);
        });
    }

    private static boolean lives(List<NodeInRegion> places) {
        return places.stream().anyMatch(NodeInRegion::reporterLives);
    }
}
