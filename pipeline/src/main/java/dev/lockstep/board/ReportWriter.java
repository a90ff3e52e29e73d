// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.board;

import static dev.lockstep.board.FieldFormat.EVICTION;
import static dev.lockstep.board.FieldFormat.EVICTION_BYTES;
import static dev.lockstep.board.FieldFormat.FENCE;
import static dev.lockstep.board.FieldFormat.FENCE_BYTES;
import static dev.lockstep.board.FieldFormat.FIELD_HEADER_BYTES;
import static dev.lockstep.board.FieldFormat.LINKS;
import static dev.lockstep.board.FieldFormat.LOCKSPACE;
import static dev.lockstep.board.FieldFormat.LOCKSPACE_FIXED_BYTES;
import static dev.lockstep.board.FieldFormat.MAX_SETTINGS;
import static dev.lockstep.board.FieldFormat.REGION;
import static dev.lockstep.board.FieldFormat.SETTINGS;
import static dev.lockstep.board.FieldFormat.VIEW;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.SortedSet;

/** Writes a report into a copy: the header from the node on, and the fields. See {@link BoardCodec} for the layout. */
final class ReportWriter {
    private static final int DEATHS_AT_ONCE = 8;
    private static final int FENCES_AT_ONCE = 2;

    private ReportWriter() {}

    static int bytes(Report report) {
        int bytes = FIELD_HEADER_BYTES + report.region().name().length();
        bytes += FIELD_HEADER_BYTES + report.settings().hashes().size() * Integer.BYTES;
        bytes += report.evictions().size() * (FIELD_HEADER_BYTES + EVICTION_BYTES);
        bytes += report.fences().size() * (FIELD_HEADER_BYTES + FENCE_BYTES);
        if (!report.links().equals(Links.NONE)) {
            bytes += FIELD_HEADER_BYTES + linkBytes(report.links());
        }
        for (byte[] bitmap : bitmaps(distinctViews(report))) {
            bytes += FIELD_HEADER_BYTES + bitmap.length;
        }
        for (LockspaceEntry entry : report.lockspaces()) {
            bytes += FIELD_HEADER_BYTES
                    + LOCKSPACE_FIXED_BYTES
                    + entry.name().value().length();
        }
        return bytes;
    }

    /** See {@link BoardCodec#mostBytes}. */
    static int mostBytes(Report report, SortedSet<NodeNumber> nodes) {
        int bitmapBytes = bitmap(nodes).length;
        int bytes = FIELD_HEADER_BYTES + report.region().name().length();
        bytes += FIELD_HEADER_BYTES + report.settings().hashes().size() * Integer.BYTES;
        bytes += Math.max(report.evictions().size(), Math.min(nodes.size() - 1, DEATHS_AT_ONCE))
                * (FIELD_HEADER_BYTES + EVICTION_BYTES);
        bytes += Math.max(report.fences().size(), FENCES_AT_ONCE) * (FIELD_HEADER_BYTES + FENCE_BYTES);
        bytes += FIELD_HEADER_BYTES + 1 + 2 * bitmapBytes;
        for (LockspaceEntry entry : report.lockspaces()) {
            bytes += FIELD_HEADER_BYTES + bitmapBytes;
            bytes += FIELD_HEADER_BYTES
                    + LOCKSPACE_FIXED_BYTES
                    + entry.name().value().length();
        }
        return bytes;
    }

    static void write(Report report, ByteBuffer copy) {
        if (report.seq() <= 0 || report.settings().hashes().size() > MAX_SETTINGS) {
            throw new IllegalArgumentException("report of node " + report.node() + " has seq " + report.seq() + " and "
                    + report.settings().hashes().size() + " settings");
        }
        copy.put(BoardCodec.NODE_AT, (byte) report.node().value());
        copy.put(BoardCodec.FLAGS_AT, (byte) (report.mustGo() ? BoardCodec.FLAG_MUST_GO : 0));
        copy.putLong(BoardCodec.SEQ_AT, report.seq());
        copy.position(BoardCodec.BOOT_AT);
        putBoot(copy, report.boot());
        copy.putLong(report.generation().value()).putLong(report.floor().value());

        byte[] region = report.region().name().getBytes(StandardCharsets.US_ASCII);
        putField(copy, REGION, region.length).put(region);
        putField(copy, SETTINGS, report.settings().hashes().size() * Integer.BYTES);
        report.settings().hashes().forEach(copy::putInt);
        for (Eviction eviction : report.evictions()) {
            putField(copy, EVICTION, EVICTION_BYTES)
                    .put((byte) eviction.node().value())
                    .put((byte) eviction.kind().code())
                    .putShort((short) 0);
            putBoot(copy, eviction.boot());
            copy.putLong(eviction.generation().value());
        }
        List<SortedSet<NodeNumber>> views = distinctViews(report);
        for (byte[] bitmap : bitmaps(views)) {
            putField(copy, VIEW, bitmap.length).put(bitmap);
        }
        requireAscending(report);
        for (LockspaceEntry entry : report.lockspaces()) {
            byte[] name = entry.name().value().getBytes(StandardCharsets.ISO_8859_1);
            putField(copy, LOCKSPACE, LOCKSPACE_FIXED_BYTES + name.length)
                    .put((byte) entry.phase().code())
                    .put((byte) 0)
                    .putShort((short) views.indexOf(entry.nodes()))
                    .putLong(entry.join().value())
                    .putLong(entry.epoch().value())
                    .putLong(entry.digest().value())
                    .put(name);
        }
        for (FenceAttempt attempt : report.fences()) {
            putField(copy, FENCE, FENCE_BYTES)
                    .put((byte) attempt.node().value())
                    .put((byte) attempt.status().code())
                    .putShort((short) attempt.exit());
            putBoot(copy, attempt.boot());
            copy.putLong(attempt.generation().value()).putInt(attempt.count());
        }
        if (!report.links().equals(Links.NONE)) {
            byte[] up = bitmap(report.links().up());
            putField(copy, LINKS, linkBytes(report.links()))
                    .put((byte) up.length)
                    .put(up)
                    .put(bitmap(report.links().cut()));
        }
    }

    private static ByteBuffer putField(ByteBuffer copy, int type, int bytes) {
        return copy.putShort((short) type).putShort((short) bytes);
    }

    private static void putBoot(ByteBuffer copy, BootId boot) {
        copy.putLong(Long.reverseBytes(boot.high())).putLong(Long.reverseBytes(boot.low()));
    }

    private static void requireAscending(Report report) {
        List<LockspaceEntry> entries = report.lockspaces();
        for (int i = 1; i < entries.size(); i++) {
            requireAscending(entries.get(i - 1).name(), entries.get(i).name());
        }
    }

    static void requireAscending(LockspaceName previous, LockspaceName name) {
        if (previous.compareTo(name) >= 0) {
            throw new IllegalArgumentException("lockspace " + name + " stands after " + previous);
        }
    }

    /** Most lockspaces of a region share one view, so each is written once. */
    private static List<SortedSet<NodeNumber>> distinctViews(Report report) {
        return report.lockspaces().stream()
                .map(LockspaceEntry::nodes)
                .distinct()
                .toList();
    }

    private static List<byte[]> bitmaps(List<SortedSet<NodeNumber>> views) {
        return views.stream().map(ReportWriter::bitmap).toList();
    }

    private static int linkBytes(Links links) {
        return 1 + bitmap(links.up()).length + bitmap(links.cut()).length;
    }

    private static byte[] bitmap(SortedSet<NodeNumber> nodes) {
        BitSet bits = new BitSet();
        nodes.forEach(node -> bits.set(node.value()));
        return bits.toByteArray();
    }
}
