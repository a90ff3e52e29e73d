// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** Does to good input what disks, sockets and people do to it, a few times over; all of it from one seed. */
public final class Damage {
    private static final byte[] EXTREMES = {0, 1, 0x7f, (byte) 0x80, (byte) 0xff, '\n', '=', '/', '{', '"', ' '};
    private static final int LONGEST = 16_384;

    private final Random random;

    /** The same seed does the same damage. */
    public Damage(long seed) {
        random = new Random(seed);
    }

    /** {@return a damaged copy} */
    public byte[] of(byte[] good) {
        byte[] bytes = good.clone();
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
            bytes = once(bytes);
        }
        return bytes;
    }

    /** {@return a damaged copy; bytes and characters are the same here} */
    public String of(String good) {
        return new String(of(good.getBytes(StandardCharsets.ISO_8859_1)), StandardCharsets.ISO_8859_1);
    }

    private byte[] once(byte[] bytes) {
        if (bytes.length == 0) {
            return noise(1 + random.nextInt(64));
        }
        int at = random.nextInt(bytes.length);
        int length = 1 + random.nextInt(Math.min(64, bytes.length - at));
        switch (random.nextInt(7)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = EXTREMES[random.nextInt(EXTREMES.length)];
            case 2 -> Arrays.fill(bytes, at, at + length, EXTREMES[random.nextInt(EXTREMES.length)]);
            case 3 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 4 -> {
                return spliced(bytes, at, Arrays.copyOfRange(bytes, at, at + length), at);
            }
            case 5 -> {
                return spliced(bytes, at, noise(length), at);
            }
            default -> {
                return spliced(bytes, at, new byte[0], at + length);
            }
        }
        return bytes;
    }

    private static byte[] spliced(byte[] bytes, int upTo, byte[] middle, int from) {
        byte[] whole = Arrays.copyOf(bytes, upTo + middle.length + bytes.length - from);
        System.arraycopy(middle, 0, whole, upTo, middle.length);
        System.arraycopy(bytes, from, whole, upTo + middle.length, bytes.length - from);
        return whole.length > LONGEST ? Arrays.copyOf(whole, LONGEST) : whole;
    }

    private byte[] noise(int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }
}
