// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SignaturesTest {
    private static final int BYTES = 4 << 20;

    @ParameterizedTest
    @CsvSource({
        "1080, 53ef, ext2/3/4",
        "0, 58465342, XFS",
        "65600, 5f42485266535f4d, btrfs",
        "65536, 01161970, GFS2",
        "8192, 4f4346535632, OCFS2",
        "2048, 4f4346535632, OCFS2",
        "512, 4c4142454c4f4e45, LVM2 physical volume",
        "4086, 53574150535041434532, swap",
        "65526, 53574150535041434532, swap",
        "510, 55aa, MBR partition table or boot sector",
        "512, 4546492050415254, GPT partition table",
        "4193792, 4546492050415254, GPT partition table (backup)",
        "0, 4c554b53babe, LUKS",
        "4096, fc4e2ba9, Linux RAID member",
        "0, fc4e2ba9, Linux RAID member",
        "4186112, fc4e2ba9, Linux RAID member",
        "4128768, fc4e2ba9, Linux RAID member",
        "32, 4f52434c4449534b, Oracle ASM",
        "32768, 4a465331, JFS",
        "65588, 526549734572324673, reiserfs",
        "1048576, 0dd001c0, VMFS volume member",
        "2097152, 5ef1ab2f, VMFS",
        "131072, 0cb1ba0000000000, ZFS",
        "260096, 0000000000bab10c, ZFS",
        "4190268, 8374026b, DRBD"
    })
    void whatAnotherProgramMarkedIsFound(int at, String hex, String expected) throws IOException {
        MemoryDevice device = new MemoryDevice(BYTES).put(at, HexFormat.of().parseHex(hex));

        assertThat(Signatures.in(device, BYTES)).contains(expected);
    }

    @Test
    void anEmptyDeviceCarriesNothing() throws IOException {
        assertThat(Signatures.in(new MemoryDevice(BYTES), BYTES)).isEmpty();
        assertThat(Signatures.in(new MemoryDevice(4096), 4096)).isEmpty();
    }

    @Test
    void aRealVolumeIsFound() throws IOException {
        assertThat(Signatures.in(MemoryDevice.of("ocfs2-4k.txt", BYTES), BYTES)).containsExactly("OCFS2");
    }
}
