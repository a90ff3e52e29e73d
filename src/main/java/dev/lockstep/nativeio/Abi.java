// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.nativeio;

/**
 * Constants that differ between the processors Linux runs on (arch/&#42;/include/uapi/asm/fcntl.h, ioctl.h and mman.h).
 *
 * @param oDirect O_DIRECT
 * @param blksszget BLKSSZGET
 * @param blkgetsize64 BLKGETSIZE64
 * @param mclOnFault MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT
 */
record Abi(int oDirect, long blksszget, long blkgetsize64, int mclOnFault) {
    static final Abi HERE = of(System.getProperty("os.arch"));

    /**
     * {@return the constants of a processor}
     *
     * @param arch its name as in Java's os.arch
     * @throws UnsupportedOperationException for one whose constants are not known here
     */
    static Abi of(String arch) {
        return switch (arch) {
            case "amd64", "x86_64", "s390x", "riscv64", "loongarch64" -> new Abi(0x4000, 0x1268, 0x80081272L, 7);
            case "aarch64" -> new Abi(0x10000, 0x1268, 0x80081272L, 7);
            case "ppc64le" -> new Abi(0x20000, 0x20001268, 0x40081272L, 0xe000);
            default -> throw new UnsupportedOperationException("Lockstep does not know the constants of " + arch);
        };
    }
}
