// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

import dev.lockstep.board.BlockReading;
import dev.lockstep.board.BoardGeometry;
import dev.lockstep.board.Eviction;
import dev.lockstep.board.LockspaceEntry;
import dev.lockstep.board.Report;
import dev.lockstep.heartbeat.SlotBlock;
import dev.lockstep.heartbeat.SlotReading;
import java.io.PrintWriter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Collectors;

/** A region for people. */
final class TextDump {
    private final PrintWriter out;

    TextDump(PrintWriter out) {
        this.out = out;
    }

    void print(RegionDump.Content content) {
        RegionLayout layout = content.layout();
        line("region  %s (%s)", layout.name(), layout.kind().name().toLowerCase(Locale.ROOT));
        line("device  %s, sectors of %d bytes", content.device(), layout.slotBytes());
        line("slots   %d from byte %d (start_block %d)", layout.slots(), layout.slotStart(), layout.startBlock());
        if (layout.board().isPresent()) {
            BoardGeometry board = layout.board().get();
            line("board   %d blocks of %d bytes from byte %d", board.blocks(), board.blockBytes(), board.offset());
        } else {
            line("board   none");
        }
        line("");
        line("%4s  %-10s  %4s  %-16s  %7s  %s", "SLOT", "SEQ", "NODE", "GENERATION", "DEAD_MS", "CHECKSUM");
        content.slots().forEach(this::print);
        for (RegionDump.Block block : content.blocks()) {
            line("");
            if (block.reading() instanceof BlockReading.Good good) {
                print(good.report());
            } else if (block.reading() instanceof BlockReading.Bad bad) {
                line("block of node %d is bad: %s", block.node(), bad.why());
            }
        }
    }

    private void print(RegionDump.Slot slot) {
        if (slot.reading() instanceof SlotReading.Good good) {
            SlotBlock block = good.block();
            String seq = Long.toUnsignedString(block.seq());
            String node = block.hbNode() == slot.number() ? "" + block.hbNode() : block.hbNode() + "!";
            line(
                    "%4d  %-10s  %4s  %-16s  %7d  ok",
                    slot.number(),
                    seq,
                    node,
                    block.generation().isNone() ? "left" : block.generation(),
                    block.deadMs());
        } else {
            line("%4d  %-10s  %4s  %-16s  %7s  bad", slot.number(), "-", "-", "-", "-");
        }
    }

    private void print(Report report) {
        line(
                "report of node %s: seq %d, boot %s, generation %s, floor %s%s",
                report.node(),
                report.seq(),
                report.boot(),
                report.generation(),
                report.floor(),
                report.mustGo() ? ", MUST GO" : "");
        line("  region %s", report.region());
        String hashes = report.settings().hashes().stream()
                .map(hash -> HexFormat.of().toHexDigits(hash))
                .collect(Collectors.joining(" "));
        line("  settings %s", hashes);
        for (Eviction eviction : report.evictions()) {
            line(
                    "  evicts node %s, boot %s, generation %s: %s",
                    eviction.node(), eviction.boot(), eviction.generation(), eviction.kind());
        }
        for (LockspaceEntry entry : report.lockspaces()) {
            String nodes = entry.nodes().stream().map(Object::toString).collect(Collectors.joining(" "));
            line(
                    "  lockspace %s %s epoch %s, join %s, view %s {%s}",
                    entry.name(), entry.phase(), entry.epoch(), entry.join(), entry.digest(), nodes);
        }
    }

    private void line(String format, Object... arguments) {
        out.println(String.format(Locale.ROOT, format, arguments).stripTrailing());
    }
}
