// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * Numbers as the kernel reads them from what is written to an attribute (lib/kstrtox.c, base 0): a sign at most, 0x for
 * hexadecimal, a leading 0 for octal, one line feed at the end at most, nothing else; the text ends at a NUL.
 */
final class SimNumber {
    private static final BigInteger MOST_UNSIGNED = BigInteger.ONE.shiftLeft(32).subtract(BigInteger.ONE);
    private static final BigInteger MOST = BigInteger.valueOf(Integer.MAX_VALUE);
    private static final BigInteger LEAST = BigInteger.valueOf(Integer.MIN_VALUE);

    private SimNumber() {}

    /** {@return a signed number of 32 bits} */
    static int signed(byte[] value) throws SimKernelError {
        String text = text(value);
        boolean negative = text.startsWith("-");
        BigInteger magnitude = magnitude(negative ? text.substring(1) : withoutPlus(text));
        BigInteger number = negative ? magnitude.negate() : magnitude;
        if (number.compareTo(MOST) > 0 || number.compareTo(LEAST) < 0) {
            throw new SimKernelError("ERANGE");
        }
        return number.intValue();
    }

    /** {@return an unsigned number of 32 bits} */
    static long unsigned(byte[] value) throws SimKernelError {
        BigInteger number = magnitude(withoutPlus(text(value)));
        if (number.compareTo(MOST_UNSIGNED) > 0) {
            throw new SimKernelError("ERANGE");
        }
        return number.longValue();
    }

    private static String text(byte[] value) {
        String all = new String(value, StandardCharsets.ISO_8859_1);
        int nul = all.indexOf('\0');
        String text = nul < 0 ? all : all.substring(0, nul);
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }

    private static String withoutPlus(String text) {
        return text.startsWith("+") ? text.substring(1) : text;
    }

    private static BigInteger magnitude(String digits) throws SimKernelError {
        int radix = 10;
        String rest = digits;
        if (digits.startsWith("0x") || digits.startsWith("0X")) {
            radix = 16;
            rest = digits.substring(2);
        } else if (digits.startsWith("0")) {
            radix = 8;
        }
        int base = radix;
        if (rest.isEmpty() || !rest.chars().allMatch(c -> c < 0x80 && Character.digit(c, base) >= 0)) {
            throw new SimKernelError("EINVAL");
        }
        return new BigInteger(rest, radix);
    }
}
