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
import static dev.lockstep.board.FieldFormat.MAX_VIEW_BYTES;
import static dev.lockstep.board.FieldFormat.REGION;
import static dev.lockstep.board.FieldFormat.SETTINGS;
import static dev.lockstep.board.FieldFormat.VIEW;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.JoinNumber;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.domain.ViewDigest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads a report out of a copy whose checksum matched; everything in it may still be wrong. */
final class ReportReader {
    /** The next number is written one day: what leaves no room for it was not counted by anybody. */
    private static final long MOST_COUNTED = 1L << 62;

    private static final int MOST_ATTEMPTS = 1 << 30;

    private final ByteBuffer copy;
    private final NodeNumber writer;
    private final List<Eviction> evictions = new ArrayList<>();
    private final List<SortedSet<NodeNumber>> views = new ArrayList<>();
    private final List<LockspaceEntry> lockspaces = new ArrayList<>();
    private final List<FenceAttempt> fences = new ArrayList<>();
    private @Nullable Links links;
    private @Nullable RegionId region;
    private @Nullable SettingsDigest settings;

    private ReportReader(ByteBuffer copy, NodeNumber writer) {
        this.copy = copy;
        this.writer = writer;
    }

    static Report read(ByteBuffer copy, NodeNumber node) throws MalformedCopy {
        try {
            return new ReportReader(copy, node).read();
        } catch (IllegalArgumentException e) {
            // What the domain's own types refuse: a boot id of zero, a name that cannot be one, a negative epoch.
            throw new MalformedCopy(String.valueOf(e.getMessage()));
        }
    }

    private Report read() throws MalformedCopy {
        long seq = copy.getLong(BoardCodec.SEQ_AT);
        if (seq <= 0) {
            throw new MalformedCopy("seq " + seq + " is not greater than 0");
        }
        if (seq > MOST_COUNTED) {
            throw new MalformedCopy("nobody counts as far as seq " + seq);
        }
        BootId boot = boot(copy.slice(BoardCodec.BOOT_AT, 16));
        Generation generation = new Generation(copy.getLong(BoardCodec.GENERATION_AT));
        Epoch floor = Epoch.read(copy.getLong(BoardCodec.FLOOR_AT));
        boolean mustGo = (copy.get(BoardCodec.FLAGS_AT) & BoardCodec.FLAG_MUST_GO) != 0;
        copy.position(BoardCodec.HEADER_BYTES);
        while (copy.hasRemaining()) {
            readField();
        }
        if (region == null || settings == null) {
            throw new MalformedCopy("names no region or no settings");
        }
        return new Report(
                region,
                writer,
                boot,
                generation,
                seq,
                settings,
                mustGo,
                floor,
                evictions,
                lockspaces,
                fences,
                links == null ? Links.NONE : links);
    }

    private void readField() throws MalformedCopy {
        if (copy.remaining() < FIELD_HEADER_BYTES) {
            throw new MalformedCopy("a field begins in the last " + copy.remaining() + " bytes");
        }
        int type = copy.getShort() & 0xFFFF;
        int bytes = copy.getShort() & 0xFFFF;
        if (bytes > copy.remaining()) {
            throw new MalformedCopy("field of type " + type + " has " + bytes + " bytes, left are " + copy.remaining());
        }
        ByteBuffer field = copy.slice(copy.position(), bytes).order(ByteOrder.LITTLE_ENDIAN);
        copy.position(copy.position() + bytes);
        switch (type) {
            case REGION -> readRegion(field);
            case SETTINGS -> readSettings(field);
            case EVICTION -> readEviction(field);
            case VIEW -> readView(field);
            case LOCKSPACE -> readLockspace(field);
            case FENCE -> readFence(field);
            case LINKS -> readLinks(field);
            default -> {
                // Of a later version, which says by its minimum that it may be ignored.
            }
        }
    }

    private void readRegion(ByteBuffer field) throws MalformedCopy {
        if (region != null) {
            throw new MalformedCopy("names two regions");
        }
        region = new RegionId(text(field));
    }

    private void readSettings(ByteBuffer field) throws MalformedCopy {
        int count = field.remaining() / Integer.BYTES;
        if (settings != null || field.remaining() % Integer.BYTES != 0 || count > MAX_SETTINGS) {
            throw new MalformedCopy("settings field has " + field.remaining() + " bytes, or is there twice");
        }
        List<Integer> hashes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            hashes.add(field.getInt());
        }
        settings = new SettingsDigest(hashes);
    }

    private void readEviction(ByteBuffer field) throws MalformedCopy {
        if (field.remaining() != EVICTION_BYTES) {
            throw new MalformedCopy("eviction of " + field.remaining() + " bytes");
        }
        NodeNumber evicted = new NodeNumber(field.get() & 0xFF);
        int code = field.get() & 0xFF;
        for (Eviction.Kind kind : Eviction.Kind.values()) {
            if (kind.code() == code) {
                BootId boot = boot(field.position(4));
                evictions.add(new Eviction(evicted, boot, new Generation(field.getLong()), kind));
                return;
            }
        }
        throw new MalformedCopy("eviction of the unknown kind " + code);
    }

    private void readFence(ByteBuffer field) throws MalformedCopy {
        if (field.remaining() != FENCE_BYTES) {
            throw new MalformedCopy("fence attempt of " + field.remaining() + " bytes");
        }
        NodeNumber fenced = new NodeNumber(field.get() & 0xFF);
        int code = field.get() & 0xFF;
        int exit = field.getShort() & 0xFFFF;
        for (FenceAttempt.Status status : FenceAttempt.Status.values()) {
            if (status.code() == code) {
                BootId boot = boot(field);
                Generation generation = new Generation(field.getLong());
                int count = field.getInt();
                if (count > MOST_ATTEMPTS) {
                    throw new MalformedCopy("nobody counts as far as fence attempt " + count);
                }
                fences.add(new FenceAttempt(fenced, boot, generation, status, count, exit));
                return;
            }
        }
        throw new MalformedCopy("fence attempt in the unknown status " + code);
    }

    private void readView(ByteBuffer field) throws MalformedCopy {
        if (field.remaining() > MAX_VIEW_BYTES) {
            throw new MalformedCopy("view of " + field.remaining() + " bytes");
        }
        views.add(nodes(field));
    }

    private void readLinks(ByteBuffer field) throws MalformedCopy {
        int upBytes = field.hasRemaining() ? field.get() & 0xFF : -1;
        if (links != null
                || upBytes < 0
                || upBytes > Math.min(MAX_VIEW_BYTES, field.remaining())
                || field.remaining() - upBytes > MAX_VIEW_BYTES) {
            throw new MalformedCopy("links of " + field.remaining() + " bytes, " + upBytes + " of them up, or twice");
        }
        SortedSet<NodeNumber> up = nodes(field.slice(field.position(), upBytes));
        SortedSet<NodeNumber> cut = nodes(field.position(field.position() + upBytes));
        if (cut.contains(writer)) {
            throw new MalformedCopy("node " + writer + " is cut off from itself");
        }
        links = new Links(up, cut);
    }

    private static NavigableSet<NodeNumber> nodes(ByteBuffer bitmap) {
        NavigableSet<NodeNumber> nodes = new TreeSet<>();
        BitSet.valueOf(bitmap).stream().mapToObj(NodeNumber::new).forEach(nodes::add);
        return nodes;
    }

    private void readLockspace(ByteBuffer field) throws MalformedCopy {
        if (field.remaining() <= LOCKSPACE_FIXED_BYTES) {
            throw new MalformedCopy("lockspace of " + field.remaining() + " bytes");
        }
        Phase phase = phase(field.get());
        int view = field.position(2).getShort() & 0xFFFF;
        if (view >= views.size()) {
            throw new MalformedCopy("lockspace with view " + view + " of " + views.size());
        }
        JoinNumber join = new JoinNumber(field.getLong());
        if (join.value() > MOST_COUNTED) {
            throw new MalformedCopy("nobody counts as far as join number " + join);
        }
        Epoch epoch = Epoch.read(field.getLong());
        ViewDigest digest = new ViewDigest(field.getLong());
        LockspaceName name = new LockspaceName(text(field));
        if (!lockspaces.isEmpty()) {
            ReportWriter.requireAscending(lockspaces.get(lockspaces.size() - 1).name(), name);
        }
        lockspaces.add(new LockspaceEntry(name, join, phase, epoch, digest, views.get(view)));
    }

    private static Phase phase(int code) throws MalformedCopy {
        for (Phase phase : Phase.values()) {
            if (phase.code() == code) {
                return phase;
            }
        }
        throw new MalformedCopy("lockspace in the unknown phase " + code);
    }

    private static BootId boot(ByteBuffer at) {
        at.order(ByteOrder.BIG_ENDIAN);
        BootId boot = new BootId(at.getLong(), at.getLong());
        at.order(ByteOrder.LITTLE_ENDIAN);
        return boot;
    }

    private static String text(ByteBuffer field) {
        byte[] bytes = new byte[field.remaining()];
        field.get(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
