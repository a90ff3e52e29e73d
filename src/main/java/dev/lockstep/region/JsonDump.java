// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.lockstep.board.BlockReading;
import dev.lockstep.board.BoardGeometry;
import dev.lockstep.board.Eviction;
import dev.lockstep.board.LockspaceEntry;
import dev.lockstep.board.Report;
import dev.lockstep.heartbeat.SlotBlock;
import dev.lockstep.heartbeat.SlotReading;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HexFormat;

/**
 * A region as one JSON object, in the manner of the other commands' answers: schema 1, to which fields may be added.
 * 64-bit values without a meaning as numbers (generation, digest) are 16 hex digits, what does not exist is null, and
 * names have unprintable bytes as \xNN.
 */
final class JsonDump {
    /** Rises with a change of meaning or a removal. */
    private static final int SCHEMA = 1;

    private final PrintWriter out;

    JsonDump(PrintWriter out) {
        this.out = out;
    }

    void print(RegionDump.Content content) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeNumberField("schema", SCHEMA);
            json.writeStringField("device", content.device().toString());
            write(json, content.layout());
            json.writeArrayFieldStart("usedSlots");
            for (RegionDump.Slot slot : content.slots()) {
                write(json, slot);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("reports");
            for (RegionDump.Block block : content.blocks()) {
                write(json, block);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        out.println(text);
    }

    private static void write(JsonGenerator json, RegionLayout layout) throws IOException {
        json.writeStringField("region", layout.name().name());
        json.writeStringField("kind", layout.kind().name());
        json.writeNumberField("slotBytes", layout.slotBytes());
        json.writeNumberField("startBlock", layout.startBlock());
        json.writeNumberField("slots", layout.slots());
        if (layout.board().isPresent()) {
            BoardGeometry board = layout.board().get();
            json.writeObjectFieldStart("board");
            json.writeNumberField("offset", board.offset());
            json.writeNumberField("blockBytes", board.blockBytes());
            json.writeNumberField("blocks", board.blocks());
            json.writeEndObject();
        } else {
            json.writeNullField("board");
        }
    }

    private static void write(JsonGenerator json, RegionDump.Slot slot) throws IOException {
        json.writeStartObject();
        json.writeNumberField("slot", slot.number());
        json.writeBooleanField("valid", slot.reading() instanceof SlotReading.Good);
        if (slot.reading() instanceof SlotReading.Good good) {
            SlotBlock block = good.block();
            json.writeNumberField("seq", block.seq());
            json.writeNumberField("node", block.hbNode());
            json.writeStringField("generation", block.generation().toString());
            json.writeNumberField("deadMs", block.deadMs());
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, RegionDump.Block block) throws IOException {
        json.writeStartObject();
        json.writeNumberField("node", block.node());
        json.writeBooleanField("valid", block.reading() instanceof BlockReading.Good);
        if (block.reading() instanceof BlockReading.Good good) {
            write(json, good.report());
        } else if (block.reading() instanceof BlockReading.Bad bad) {
            json.writeStringField("trouble", bad.why());
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Report report) throws IOException {
        json.writeNumberField("seq", report.seq());
        json.writeStringField("region", report.region().name());
        json.writeStringField("boot", report.boot().toString());
        json.writeStringField("generation", report.generation().toString());
        json.writeNumberField("floor", report.floor().value());
        json.writeBooleanField("mustGo", report.mustGo());
        json.writeArrayFieldStart("settings");
        for (int hash : report.settings().hashes()) {
            json.writeString(HexFormat.of().toHexDigits(hash));
        }
        json.writeEndArray();
        json.writeArrayFieldStart("evictions");
        for (Eviction eviction : report.evictions()) {
            json.writeStartObject();
            json.writeNumberField("node", eviction.node().value());
            json.writeStringField("boot", eviction.boot().toString());
            json.writeStringField("generation", eviction.generation().toString());
            json.writeStringField("kind", eviction.kind().name());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("lockspaces");
        for (LockspaceEntry entry : report.lockspaces()) {
            write(json, entry);
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, LockspaceEntry entry) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", entry.name().toString());
        json.writeStringField("phase", entry.phase().name());
        json.writeNumberField("epoch", entry.epoch().value());
        json.writeNumberField("join", entry.join().value());
        json.writeStringField("digest", entry.digest().toString());
        json.writeArrayFieldStart("nodes");
        for (var node : entry.nodes()) {
            json.writeNumber(node.value());
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
