// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What else may live on a device, found by the marks that blkid(8) goes by too. It is asked before a device is
 * overwritten, so it prefers to see too much.
 */
final class Signatures {
    private static final int HEAD_BYTES = (2 << 20) + (4 << 10); // the last mark is at 2 MiB
    private static final int TAIL_BYTES = 192 << 10;

    private static final int MDRAID_MAGIC = 0xa92b4efc;

    /** A mark at a place that never moves, one char per byte. */
    private record Mark(String what, int at, String bytes) {}

    private static final List<Mark> MARKS = List.of(
            new Mark("ext2/3/4", 0x438, hex("53ef")),
            new Mark("XFS", 0, "XFSB"),
            new Mark("btrfs", 0x10040, "_BHRfS_M"),
            new Mark("GFS2", 0x10000, hex("01161970")),
            new Mark("F2FS", 0x400, hex("1020f5f2")),
            new Mark("NTFS", 3, "NTFS    "),
            new Mark("ISO 9660", 0x8001, "CD001"),
            new Mark("LUKS", 0, "LUKS" + hex("babe")),
            new Mark("LUKS (second header)", 0x4000, "SKUL" + hex("babe")),
            new Mark("GPT partition table", 512, "EFI PART"),
            new Mark("GPT partition table", 4096, "EFI PART"),
            new Mark("MBR partition table or boot sector", 510, hex("55aa")),
            new Mark("bcache", 0x1018, hex("c68573f64e1a45ca")),
            new Mark("Oracle ASM", 32, "ORCLDISK"),
            new Mark("JFS", 0x8000, "JFS1"),
            new Mark("reiserfs", 0x10034, "ReIsEr"),
            new Mark("VMFS volume member", 1 << 20, hex("0dd001c0")),
            new Mark("VMFS", 2 << 20, hex("5ef1ab2f")));

    private final ByteBuffer head;
    private final ByteBuffer tail;
    private final long deviceBytes;
    private final List<String> found = new ArrayList<>();

    private Signatures(ByteBuffer head, ByteBuffer tail, long deviceBytes) {
        this.head = head;
        this.tail = tail;
        this.deviceBytes = deviceBytes;
    }

    /**
     * {@return the names of what is on the device, none if nothing is known there}
     *
     * @param deviceBytes the device's size
     * @throws IOException if it cannot be read
     */
    static List<String> in(ByteSource device, long deviceBytes) throws IOException {
        int head = (int) Math.min(HEAD_BYTES, deviceBytes);
        int tail = (int) Math.min(TAIL_BYTES, deviceBytes);
        Signatures signatures =
                new Signatures(device.read(0, head), device.read(deviceBytes - tail, tail), deviceBytes);
        signatures.look();
        return signatures.found.stream().distinct().toList();
    }

    private static String hex(String digits) {
        return new String(HexFormat.of().parseHex(digits), StandardCharsets.ISO_8859_1);
    }

    private void look() {
        MARKS.forEach(mark -> look(mark.what, head, mark.at, mark.bytes));
        for (int sector = 0; sector < 4; sector++) {
            look("LVM2 physical volume", head, sector * 512, "LABELONE");
        }
        for (int page = 4096; page <= 65536; page *= 2) {
            look("swap", head, page - 10, "SWAPSPACE2");
            look("swap", head, page - 10, "SWAP-SPACE");
        }
        for (int block = 512; block <= 4096; block *= 2) {
            look("OCFS2", head, 2 * block, "OCFSV2");
        }
        for (int uberblock = 128 << 10; uberblock < 256 << 10; uberblock += 1 << 10) {
            look("ZFS", head, uberblock, hex("0cb1ba0000000000"));
            look("ZFS", head, uberblock, hex("0000000000bab10c"));
        }
        lookForMdraid();
        // In the last whole 4 KiB; the last byte of the magic tells the version and whether it was shut down.
        look("DRBD", tail, (int) tailOffset(deviceBytes / 4096 * 4096 - 4096) + 60, hex("837402"));
        for (int sector : new int[] {512, 4096}) {
            look("GPT partition table (backup)", tail, tail.limit() - sector, "EFI PART");
        }
    }

    private void lookForMdraid() {
        mdraid(head, 0);
        mdraid(head, 4096);
        // Version 1.0: at least 8 KiB before the end, on a 4 KiB boundary. Version 0.90: the last whole 64 KiB but one.
        mdraid(tail, tailOffset((deviceBytes / 512 - 16) / 8 * 8 * 512));
        mdraid(tail, tailOffset(deviceBytes / 65536 * 65536 - 65536));
    }

    private long tailOffset(long position) {
        return position - (deviceBytes - tail.limit());
    }

    private void mdraid(ByteBuffer bytes, long at) {
        if (at >= 0 && at + 4 <= bytes.limit() && bytes.getInt((int) at) == MDRAID_MAGIC) {
            found.add("Linux RAID member");
        }
    }

    private void look(String what, ByteBuffer bytes, int at, String mark) {
        if (at < 0 || at + mark.length() > bytes.limit()) {
            return;
        }
        byte[] there = new byte[mark.length()];
        bytes.get(at, there);
        if (mark.equals(new String(there, StandardCharsets.ISO_8859_1))) {
            found.add(what);
        }
    }
}
