// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.control;

import dev.lockstep.board.Eviction;
import dev.lockstep.control.StatusSnapshot.Lockspace;
import dev.lockstep.control.StatusSnapshot.NodeInRegion;
import dev.lockstep.control.StatusSnapshot.Region;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.heartbeat.SlotState;
import dev.lockstep.reason.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Answers for people. Pure. */
final class TextAnswers {
    private static final String NONE = "-";

    private TextAnswers() {}

    static String status(StatusSnapshot snapshot, long nowNs) {
        StringBuilder out = new StringBuilder();
        out.append("node ").append(snapshot.node()).append(' ').append(Printable.line(snapshot.nodeName()));
        out.append(", boot ").append(snapshot.boot());
        out.append(", agent up ")
                .append(Age.text(Age.ms(snapshot.startedNs(), nowNs)))
                .append('\n');
        snapshot.mustGo()
                .ifPresent(why -> out.append("THIS NODE MUST GO: ")
                        .append(Printable.line(why))
                        .append('\n'));
        for (Region region : snapshot.regions()) {
            region(out, region, nowNs);
        }
        out.append('\n').append(snapshot.started() ? ls(snapshot, nowNs) : "Lockspaces: " + Responder.NOT_YET + ".\n");
        if (!snapshot.evictions().isEmpty()) {
            out.append("\nEvicted:\n");
            Table table = new Table("NODE", "BOOT", "GENERATION", "KIND");
            for (Eviction eviction : snapshot.evictions()) {
                table.row(
                        eviction.node().toString(),
                        eviction.boot().toString(),
                        eviction.generation().isNone()
                                ? NONE
                                : eviction.generation().toString(),
                        eviction.kind().name());
            }
            table.appendTo(out, "  ");
        }
        ignored(out, snapshot);
        return out.toString();
    }

    private static void ignored(StringBuilder out, StatusSnapshot snapshot) {
        List<String> lines = new ArrayList<>();
        for (Region region : snapshot.regions()) {
            List<String> ofRegion = new ArrayList<>();
            count(ofRegion, "failed reads and writes", region.failures());
            line(lines, "region " + region.name(), ofRegion);
            for (NodeInRegion node : region.nodes()) {
                List<String> ofNode = new ArrayList<>();
                count(ofNode, "slots with a bad checksum", node.ignored().badChecksums());
                count(ofNode, "slots with another number", node.ignored().foreignNumbers());
                count(ofNode, "bad reports", node.ignored().badReports());
                line(lines, "region " + region.name() + ", node " + node.node(), ofNode);
            }
        }
        List<String> ofUevents = new ArrayList<>();
        count(ofUevents, "not understood", snapshot.uevents().malformed());
        count(ofUevents, "creates refused for their names", snapshot.uevents().refused());
        count(ofUevents, "losses", snapshot.uevents().lost());
        line(lines, "uevents", ofUevents);
        List<String> ofWakeUps = new ArrayList<>();
        count(ofWakeUps, "no peer's, or too many", snapshot.ignoredWakeUps());
        line(lines, "wake-ups", ofWakeUps);
        if (!lines.isEmpty()) {
            out.append("\nIgnored input:\n");
            lines.forEach(out::append);
        }
    }

    private static void count(List<String> counts, String what, long count) {
        if (count > 0) {
            counts.add(what + " " + count);
        }
    }

    private static void line(List<String> lines, String about, List<String> counts) {
        if (!counts.isEmpty()) {
            lines.add("  " + about + ": " + String.join(", ", counts) + "\n");
        }
    }

    private static void region(StringBuilder out, Region region, long nowNs) {
        out.append("\nRegion ").append(region.name()).append(" on ").append(Printable.line(region.device()));
        out.append(region.hasBoard() ? "" : ", no board");
        out.append(region.trouble().isEmpty() ? "" : ", " + Printable.line(region.trouble()))
                .append('\n');
        Table table = new Table("NODE", "NAME", "HEARTBEAT", "GENERATION", "REPORT", "AGE", "TROUBLE");
        for (NodeInRegion node : region.nodes()) {
            table.row(
                    node.node().toString(),
                    node.name(),
                    heartbeat(node),
                    node.generation().isNone() ? NONE : node.generation().toString(),
                    node.report().map(report -> Long.toString(report.seq())).orElse(NONE),
                    node.report()
                            .map(report -> Age.text(Age.ms(report.changedNs(), nowNs)))
                            .orElse(NONE),
                    node.trouble());
        }
        table.appendTo(out, "  ");
    }

    static String heartbeat(NodeInRegion node) {
        String status = node.status().name().toLowerCase(Locale.ROOT);
        return node.cause() == SlotState.Cause.NONE
                ? status
                : status + " (" + node.cause().name().toLowerCase(Locale.ROOT) + ")";
    }

    static String ls(StatusSnapshot snapshot, long nowNs) {
        if (snapshot.lockspaces().isEmpty()) {
            return "No lockspaces.\n";
        }
        StringBuilder out = new StringBuilder();
        Table table = new Table("LOCKSPACE", "PHASE", "EPOCH", "GUARD", "MEMBERS", "WAITS FOR");
        for (Lockspace lockspace : snapshot.lockspaces()) {
            table.row(
                    lockspace.name().toString(),
                    lockspace.phaseName(),
                    lockspace.epoch().toString(),
                    lockspace.guard().map(Object::toString).orElse(NONE),
                    lockspace.view().members().isEmpty()
                            ? NONE
                            : numbers(lockspace.view().nodes(), " "),
                    lockspace.reasons().isEmpty()
                            ? NONE
                            : lockspace.reasons().stream()
                                    .map(reason -> shortly(reason, nowNs))
                                    .collect(Collectors.joining("; ")));
        }
        table.appendTo(out, "");
        return out.toString();
    }

    private static String shortly(Reason reason, long nowNs) {
        String nodes = reason.nodes().isEmpty() ? "" : " " + numbers(reason.nodes(), ",");
        return reason.code().name() + nodes + " " + Age.text(Age.ms(reason.sinceNs(), nowNs));
    }

    static String why(StatusSnapshot snapshot, Lockspace lockspace, long nowNs) {
        StringBuilder out = new StringBuilder();
        out.append("Lockspace ").append(lockspace.name()).append(" is ").append(lockspace.phaseName());
        if (lockspace.epoch().value() > 0) {
            out.append(" in epoch ").append(lockspace.epoch());
        }
        if (!lockspace.view().members().isEmpty()) {
            out.append(" with ").append(names(snapshot, lockspace.view().nodes()));
        }
        out.append(".\n");
        if (lockspace.reasons().isEmpty()) {
            out.append("It waits for nothing.\n");
        }
        for (Reason reason : lockspace.reasons()) {
            out.append("\nFor ")
                    .append(Age.text(Age.ms(reason.sinceNs(), nowNs)))
                    .append(": ");
            out.append(reason.code().text());
            out.append(reason.nodes().isEmpty() ? "" : ": " + names(snapshot, reason.nodes()));
            out.append(reason.detail().isEmpty() ? "" : " (" + Printable.line(reason.detail()) + ")");
            out.append(". [").append(reason.code().name()).append("]\n");
            out.append("  ").append(WayOut.of(reason.code())).append('\n');
        }
        return out.toString();
    }

    private static String numbers(Collection<NodeNumber> nodes, String separator) {
        return nodes.stream().map(NodeNumber::toString).collect(Collectors.joining(separator));
    }

    private static String names(StatusSnapshot snapshot, Collection<NodeNumber> nodes) {
        return (nodes.size() == 1 ? "node " : "nodes ")
                + nodes.stream()
                        .map(node -> node
                                + snapshot.nameOf(node)
                                        .map(name -> " (" + Printable.line(name) + ")")
                                        .orElse(""))
                        .collect(Collectors.joining(", "));
    }
}
