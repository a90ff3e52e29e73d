// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

import dev.lockstep.board.BoardCodec;
import dev.lockstep.board.BoardGeometry;
import dev.lockstep.domain.RegionId;
import dev.lockstep.exit.ExitCode;
import dev.lockstep.nativeio.DirectFile.Access;
import dev.lockstep.nativeio.DirectFile.Caching;
import dev.lockstep.nativeio.PlainWords;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * {@code lockstep region format DEVICE}: makes a raw region, or a board in an OCFS2 volume's heartbeat file. Layouts
 * are drawn at {@link RegionHeader}.
 *
 * <p>Refuses what seems to be in use: without force anything it knows and any region; forced once it renews a region
 * that nobody seems to use; forced twice it overwrites whatever is there. Forced or not, it needs a device that
 * nothing on this machine holds (mounts, RAID, LVM); an OCFS2 volume may stay mounted, since nothing else reads or
 * writes the board's place.
 */
public final class RegionFormat {
    private static final int CHUNK_BYTES = 1 << 20;

    /**
     * What to format and how.
     *
     * @param device the block device, or a regular file, which is made or grown as needed
     * @param name the region's name, 32 hex digits; empty for a random one. Of an OCFS2 volume it is the volume's UUID
     * @param force how often {@code --force} was said
     * @param caching DIRECT; BUFFERED only for trials on one machine
     */
    public record Request(Path device, Optional<String> name, int force, Caching caching) {}

    private final PrintWriter out;
    private final PrintWriter err;
    private final Request request;

    private RegionFormat(PrintWriter out, PrintWriter err, Request request) {
        this.out = out;
        this.err = err;
        this.request = request;
    }

    /**
     * Formats.
     *
     * @param out takes what was made
     * @param err takes why nothing was made, and warnings
     * @return 0, or an error status after sysexits(3)
     */
    public static int run(PrintWriter out, PrintWriter err, Request request) {
        try {
            new RegionFormat(out, err, request).run();
            return ExitCode.OK.status();
        } catch (IOException e) {
            err.println("lockstep: " + PlainWords.of(e));
            return RegionExit.of(e).status();
        } finally {
            out.flush();
            err.flush();
        }
    }

    private void run() throws IOException {
        Optional<RegionId> name = parsedName();
        if (request.caching() == Caching.BUFFERED) {
            err.println("lockstep: warning: writing through the page cache; other machines may not see this region");
        }
        if (Files.notExists(request.device())) {
            make(request.device());
        }
        Optional<Ocfs2Volume> volume;
        try (BlockDevice device = BlockDevice.open(request.device(), Access.READ, request.caching())) {
            volume = device.bytes() < RawRegion.SLOT_START ? Optional.empty() : Ocfs2Volume.find(device);
        }
        if (volume.isPresent()) {
            formatBoard(volume.get(), name);
        } else {
            formatRaw(name.orElseGet(RegionFormat::randomName));
        }
    }

    /** What is missing in /dev, however it was named, is a mistyped device: a file there would fill memory. */
    private static void make(Path file) throws IOException {
        if (file.toAbsolutePath().normalize().startsWith("/dev")) {
            throw new UnusableRegion(file + ": no such device");
        }
        try {
            Files.createFile(file);
        } catch (NoSuchFileException e) {
            UnusableRegion nowhere = new UnusableRegion(file + ": no such directory");
            nowhere.initCause(e);
            throw nowhere;
        }
    }

    private static void grow(Path file, long bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), bytes - 1);
        }
    }

    private Optional<RegionId> parsedName() throws UnusableRegion {
        if (request.name().isEmpty()) {
            return Optional.empty();
        }
        String hex = request.name().get();
        if (!hex.matches("[0-9A-Fa-f]{32}")) {
            throw new UnusableRegion("--uuid '" + hex + "' is not 32 hex digits");
        }
        return Optional.of(new RegionId(hex.toUpperCase(Locale.ROOT)));
    }

    private static RegionId randomName() {
        return new RegionId(UUID.randomUUID().toString().replace("-", "").toUpperCase(Locale.ROOT));
    }

    private void formatRaw(RegionId name) throws IOException {
        long size = RawRegion.layout(name, 512).end();
        if (Files.isRegularFile(request.device()) && Files.size(request.device()) < size) {
            grow(request.device(), size);
        }
        Access access = Files.isRegularFile(request.device()) ? Access.READ_WRITE : Access.EXCLUSIVE;
        try (BlockDevice device = BlockDevice.open(request.device(), access, request.caching())) {
            RegionLayout layout = RawRegion.layout(name, device.sectorBytes());
            if (device.bytes() < layout.end()) {
                throw new UnusableRegion(
                        request.device() + ": has " + device.bytes() + " bytes, a region takes " + layout.end());
            }
            requireFree(device);
            // The header goes first and comes last: a format that is cut short leaves no region.
            zero(device, 0, RawRegion.BOARD_OFFSET);
            writeVacant(device, layout.board().orElseThrow());
            finish(device, 0, layout);
        }
    }

    private void requireFree(BlockDevice device) throws IOException {
        List<String> there = new ArrayList<>(Signatures.in(device, device.bytes()));
        int needed = there.isEmpty() ? 0 : 2;
        try {
            Optional<RegionLayout> region = RawRegion.find(device);
            if (region.isPresent()) {
                List<String> users = region.get().end() <= device.bytes()
                        ? Inhabitants.of(device, region.get())
                        : List.of("its end is cut off");
                there.add("Lockstep region " + region.get().name());
                there.addAll(users);
                needed = Math.max(needed, users.isEmpty() ? 1 : 2);
            }
        } catch (UnusableRegion e) {
            there.add(e.getMessage());
            needed = 2;
        }
        requireForce(needed, there);
    }

    private void requireForce(int needed, List<String> there) throws UnusableRegion {
        if (request.force() < needed) {
            throw new UnusableRegion(request.device() + ": found " + String.join("; ", there)
                    + ". To overwrite it say --force" + (needed > 1 ? " twice" : ""));
        }
        if (!there.isEmpty()) {
            err.println("lockstep: overwriting " + String.join("; ", there));
        }
    }

    private void formatBoard(Ocfs2Volume volume, Optional<RegionId> name) throws IOException {
        if (name.isPresent() && !name.get().equals(volume.uuid())) {
            throw new UnusableRegion(
                    request.device() + ": the region of an OCFS2 volume has the volume's UUID, " + volume.uuid());
        }
        try (BlockDevice device = BlockDevice.open(request.device(), Access.READ_WRITE, request.caching())) {
            RegionLayout layout = Ocfs2Region.withBoard(volume, device.sectorBytes());
            BoardGeometry board = layout.board().orElseThrow();
            long headerAt = Ocfs2Region.headerAt(volume);
            if (layout.end() > device.bytes()) {
                throw new UnusableRegion(request.device() + ": the heartbeat file ends behind the device");
            }
            ByteBuffer spare = device.read(headerAt, (int) (layout.end() - headerAt));
            if (RegionHeader.isClaimedBy(spare)) {
                List<String> reports = Inhabitants.onBoard(device, board);
                List<String> there = new ArrayList<>(List.of("Lockstep board of volume " + volume.uuid()));
                there.addAll(reports);
                requireForce(reports.isEmpty() ? 1 : 2, there);
            } else if (spare.mismatch(ByteBuffer.allocate(spare.limit())) >= 0) {
                requireForce(2, List.of("something unknown in the spare area of the heartbeat file"));
            }
            zero(device, headerAt, headerAt + RegionHeader.BYTES);
            writeVacant(device, board);
            finish(device, headerAt, layout);
        }
    }

    private static void zero(BlockDevice device, long from, long to) throws IOException {
        for (long at = from; at < to; at += CHUNK_BYTES) {
            device.write(at, ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, to - at)));
        }
    }

    /** Both copies of every block, some blocks at a time. */
    private static void writeVacant(BlockDevice device, BoardGeometry board) throws IOException {
        int blocksAtOnce = CHUNK_BYTES / board.blockBytes();
        ByteBuffer vacant = ByteBuffer.allocate(blocksAtOnce * board.blockBytes());
        for (int at = 0; at < vacant.limit(); at += board.copyBytes()) {
            ByteBuffer copy = BoardCodec.vacant();
            vacant.put(at, copy, 0, copy.remaining());
        }
        for (int block = 0; block < board.blocks(); block += blocksAtOnce) {
            int blocks = Math.min(blocksAtOnce, board.blocks() - block);
            device.write(
                    board.offset() + (long) block * board.blockBytes(), vacant.slice(0, blocks * board.blockBytes()));
        }
    }

    private void finish(BlockDevice device, long headerAt, RegionLayout layout) throws IOException {
        device.file().sync();
        device.write(headerAt, new RegionHeader(layout).encode());
        device.file().sync();
        Optional<RegionHeader> written = RegionHeader.decode(device.read(headerAt, RegionHeader.BYTES));
        if (written.isEmpty() || !written.get().layout().equals(layout)) {
            throw new IOException("read back " + request.device() + ": not the header that was written");
        }
        out.println("region " + layout.name());
        out.println("device " + request.device() + ", sectors of " + layout.slotBytes() + " bytes");
        out.println("slots " + layout.slots() + " from byte " + layout.slotStart() + " (start_block "
                + layout.startBlock() + ")");
        layout.board()
                .ifPresent(b -> out.println(
                        "board " + b.blocks() + " blocks of " + b.blockBytes() + " bytes from byte " + b.offset()));
    }
}
