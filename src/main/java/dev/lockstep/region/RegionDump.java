// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

import dev.lockstep.board.BlockReading;
import dev.lockstep.board.BoardCodec;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.exit.ExitCode;
import dev.lockstep.heartbeat.SlotCodec;
import dev.lockstep.heartbeat.SlotReading;
import dev.lockstep.nativeio.DirectFile.Access;
import dev.lockstep.nativeio.DirectFile.Caching;
import dev.lockstep.nativeio.PlainWords;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code lockstep region dump DEVICE}: shows a region as it stands on disk, whoever wrote it. Reads only, beside a
 * running cluster too.
 */
public final class RegionDump {

    /**
     * What to show and how.
     *
     * @param device the device or file
     * @param place where the slots lie if the device does not say so itself
     * @param json as JSON instead of text
     * @param caching DIRECT; BUFFERED only for trials on one machine
     */
    public record Request(Path device, Optional<Place> place, boolean json, Caching caching) {}

    /**
     * A kernel's region on a bare device, as its configfs directory tells.
     *
     * @param startBlock start_block, greater than 0
     * @param blocks blocks, 1 to 255
     */
    public record Place(long startBlock, int blocks) {}

    /** A slot that is in use or damaged. */
    record Slot(int number, SlotReading reading) {}

    /** A board block that is in use or damaged. */
    record Block(int node, BlockReading reading) {}

    /** All that a dump shows. */
    record Content(Path device, RegionLayout layout, List<Slot> slots, List<Block> blocks) {}

    private RegionDump() {}

    /**
     * Shows a region.
     *
     * @param out takes the region
     * @param err takes why it cannot be shown
     * @return 0, or an error status after sysexits(3)
     */
    public static int run(PrintWriter out, PrintWriter err, Request request) {
        try {
            Content content = read(request);
            if (request.json()) {
                new JsonDump(out).print(content);
            } else {
                new TextDump(out).print(content);
            }
            return ExitCode.OK.status();
        } catch (IOException e) {
            err.println("lockstep: " + PlainWords.of(e));
            return RegionExit.of(e).status();
        } finally {
            out.flush();
            err.flush();
        }
    }

    private static Content read(Request request) throws IOException {
        try (BlockDevice device = BlockDevice.open(request.device(), Access.READ, request.caching())) {
            RegionLayout layout = layout(device, request);
            return new Content(request.device(), layout, slots(device, layout), blocks(device, layout));
        }
    }

    private static RegionLayout layout(BlockDevice device, Request request) throws IOException {
        if (request.place().isPresent()) {
            Place place = request.place().get();
            return RegionProbe.explicit(device, new RegionId("unnamed"), place.startBlock(), place.blocks());
        }
        return RegionProbe.probe(device)
                .orElseThrow(() -> new UnusableRegion(request.device()
                        + ": no Lockstep region and no OCFS2 volume; a kernel's region needs its start block"));
    }

    private static List<Slot> slots(ByteSource device, RegionLayout layout) throws IOException {
        List<Slot> used = new ArrayList<>();
        SlotCodec codec = new SlotCodec(layout.slotBytes());
        ByteBuffer slots = device.read(layout.slotStart(), layout.slots() * layout.slotBytes());
        for (int number = 0; number < layout.slots(); number++) {
            SlotReading reading = codec.decode(slots, number * layout.slotBytes());
            if (!(reading instanceof SlotReading.Good good) || good.block().seq() != 0) {
                used.add(new Slot(number, reading));
            }
        }
        return used;
    }

    private static List<Block> blocks(ByteSource device, RegionLayout layout) throws IOException {
        List<Block> used = new ArrayList<>();
        if (layout.board().isPresent()) {
            var board = layout.board().get();
            for (int node = 0; node < board.blocks() && node <= NodeNumber.MAX; node++) {
                long position = board.offset() + (long) node * board.blockBytes();
                BlockReading reading =
                        BoardCodec.decode(device.read(position, board.blockBytes()), NodeNumber.of(node));
                if (!(reading instanceof BlockReading.Vacant)) {
                    used.add(new Block(node, reading));
                }
            }
        }
        return used;
    }
}
