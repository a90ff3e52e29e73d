// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.lockstep.board.Eviction;
import dev.lockstep.control.StatusSnapshot.Lockspace;
import dev.lockstep.control.StatusSnapshot.NodeInRegion;
import dev.lockstep.control.StatusSnapshot.Region;
import dev.lockstep.domain.Member;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.reason.Reason;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answers for programs. Pure.
 *
 * <p>Schema 1. Fields may be added; a change of meaning or a removal raises the number. 64-bit values without a
 * meaning as numbers (generation, digest) are 16 hex digits, ages are whole milliseconds, what does not exist is null.
 * Every document begins with schema. What follows:
 *
 * <ul>
 *   <li>ls: lockspaces, each with name, guard, phase, epoch, digest, members (node, boot, generation, join),
 *       recoverStatus (the kernel's, null where it does not have the lockspace) and reasons.
 *   <li>A reason: code (a name) and number, both stable, text, nodes, detail, ageMs; in why also wayOut.
 *   <li>why: lockspace, phase, epoch, reasons.
 *   <li>status: node, name, boot, started (whether kernel and memory were read; until then nothing is known of
 *       lockspaces, and the status is 75), agentUpMs, mustGo (why this node must, or null), regions, lockspaces as in
 *       ls, evictions (node, boot, generation, kind), uevents (received, malformed, refused, lost), ignoredWakeUps and
 *       badInput, the sums of what was ignored, each only where it is not 0: badChecksums, foreignNumbers, badReports,
 *       failures, malformedUevents, refusedNames, lostUevents, ignoredWakeUps.
 *   <li>A region: name, device, board (whether it has one), trouble, failures (of reads and writes) and nodes, each
 *       with node, name, status, cause, generation, boot, reportSeq and reportAgeMs of its last report, trouble,
 *       badChecksums, foreignNumbers, badReports.
 *   <li>fence-ack: node, name, boot, reportAgeMs, alive (whether that life heartbeats), lives (boot, reportAgeMs and
 *       alive of each life that reports tell of, the one above first), waiting (lockspaces that wait for the node),
 *       acknowledged = false; once the word is taken node, name, boot, acknowledged = true.
 * </ul>
 */
final class JsonAnswers {
    /** The version every answer carries as {@code schema}. */
    static final int SCHEMA = 1;

    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonAnswers() {}

    @FunctionalInterface
    interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    static String document(Body body) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.writeStartObject();
            json.writeNumberField("schema", SCHEMA);
            body.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return out.append('\n').toString();
    }

    static String ls(StatusSnapshot snapshot, long nowNs) {
        return document(json -> lockspaces(json, snapshot.lockspaces(), nowNs));
    }

    static String why(Lockspace lockspace, long nowNs) {
        return document(json -> {
            json.writeStringField("lockspace", lockspace.name().toString());
            json.writeStringField("phase", lockspace.phaseName());
            json.writeNumberField("epoch", lockspace.epoch().value());
            reasons(json, lockspace.reasons(), nowNs, true);
        });
    }

    static String status(StatusSnapshot snapshot, long nowNs) {
        return document(json -> {
            json.writeNumberField("node", snapshot.node().value());
            json.writeStringField("name", snapshot.nodeName());
            json.writeStringField("boot", snapshot.boot().toString());
            json.writeBooleanField("started", snapshot.started());
            json.writeNumberField("agentUpMs", Age.ms(snapshot.startedNs(), nowNs));
            optional(json, "mustGo", snapshot.mustGo());
            json.writeArrayFieldStart("regions");
            for (Region region : snapshot.regions()) {
                region(json, region, nowNs);
            }
            json.writeEndArray();
            lockspaces(json, snapshot.lockspaces(), nowNs);
            json.writeArrayFieldStart("evictions");
            for (Eviction eviction : snapshot.evictions()) {
                json.writeStartObject();
                json.writeNumberField("node", eviction.node().value());
                json.writeStringField("boot", eviction.boot().toString());
                json.writeStringField("generation", eviction.generation().toString());
                json.writeStringField("kind", eviction.kind().name());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeObjectFieldStart("uevents");
            json.writeNumberField("received", snapshot.uevents().received());
            json.writeNumberField("malformed", snapshot.uevents().malformed());
            json.writeNumberField("refused", snapshot.uevents().refused());
            json.writeNumberField("lost", snapshot.uevents().lost());
            json.writeEndObject();
            json.writeNumberField("ignoredWakeUps", snapshot.ignoredWakeUps());
            json.writeObjectFieldStart("badInput");
            for (Map.Entry<String, Long> entry : snapshot.badInput().entrySet()) {
                json.writeNumberField(entry.getKey(), entry.getValue());
            }
            json.writeEndObject();
        });
    }

    private static void region(JsonGenerator json, Region region, long nowNs) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", region.name().toString());
        json.writeStringField("device", region.device());
        json.writeBooleanField("board", region.hasBoard());
        optional(json, "trouble", filled(region.trouble()));
        json.writeNumberField("failures", region.failures());
        json.writeArrayFieldStart("nodes");
        for (NodeInRegion node : region.nodes()) {
            json.writeStartObject();
            json.writeNumberField("node", node.node().value());
            json.writeStringField("name", node.name());
            json.writeStringField("status", node.status().name());
            json.writeStringField("cause", node.cause().name());
            json.writeStringField("generation", node.generation().toString());
            optional(json, "boot", node.report().map(report -> report.boot().toString()));
            if (node.report().isPresent()) {
                json.writeNumberField("reportSeq", node.report().get().seq());
                json.writeNumberField("reportAgeMs", Age.ms(node.report().get().changedNs(), nowNs));
            } else {
                json.writeNullField("reportSeq");
                json.writeNullField("reportAgeMs");
            }
            optional(json, "trouble", filled(node.trouble()));
            json.writeNumberField("badChecksums", node.ignored().badChecksums());
            json.writeNumberField("foreignNumbers", node.ignored().foreignNumbers());
            json.writeNumberField("badReports", node.ignored().badReports());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void lockspaces(JsonGenerator json, List<Lockspace> lockspaces, long nowNs) throws IOException {
        json.writeArrayFieldStart("lockspaces");
        for (Lockspace lockspace : lockspaces) {
            json.writeStartObject();
            json.writeStringField("name", lockspace.name().toString());
            optional(json, "guard", lockspace.guard().map(Object::toString));
            json.writeStringField("phase", lockspace.phaseName());
            json.writeNumberField("epoch", lockspace.epoch().value());
            optional(
                    json,
                    "digest",
                    lockspace.view().members().isEmpty()
                            ? Optional.empty()
                            : Optional.of(lockspace.view().digest().toString()));
            json.writeArrayFieldStart("members");
            for (Member member : lockspace.view().members()) {
                json.writeStartObject();
                json.writeNumberField("node", member.node().value());
                json.writeStringField("boot", member.boot().toString());
                json.writeStringField("generation", member.generation().toString());
                json.writeNumberField("join", member.join().value());
                json.writeEndObject();
            }
            json.writeEndArray();
            if (lockspace.recoverStatus().isPresent()) {
                json.writeNumberField("recoverStatus", lockspace.recoverStatus().getAsInt());
            } else {
                json.writeNullField("recoverStatus");
            }
            reasons(json, lockspace.reasons(), nowNs, false);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void reasons(JsonGenerator json, List<Reason> reasons, long nowNs, boolean wayOut)
            throws IOException {
        json.writeArrayFieldStart("reasons");
        for (Reason reason : reasons) {
            json.writeStartObject();
            json.writeStringField("code", reason.code().name());
            json.writeNumberField("number", reason.code().code());
            json.writeStringField("text", reason.code().text());
            json.writeArrayFieldStart("nodes");
            for (NodeNumber node : reason.nodes()) {
                json.writeNumber(node.value());
            }
            json.writeEndArray();
            json.writeStringField("detail", reason.detail());
            json.writeNumberField("ageMs", Age.ms(reason.sinceNs(), nowNs));
            if (wayOut) {
                json.writeStringField("wayOut", WayOut.of(reason.code()));
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static Optional<String> filled(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    static void optional(JsonGenerator json, String field, Optional<String> value) throws IOException {
        if (value.isPresent()) {
            json.writeStringField(field, value.get());
        } else {
            json.writeNullField(field);
        }
    }
}
