// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.domain.NodeNumber;
import dev.lockstep.fuzz.Damage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a checksum lets through is damaged too: a bug in a writer, or somebody who can compute one. */
class DamagedReportTest {
    private static final int SEEDS = Integer.getInteger("fuzz.seeds", 20_000);
    private static final NodeNumber NODE = NodeNumber.of(3);

    @Test
    void noDamageBehindTheChecksumIsMoreThanABadCopy() {
        int good = 0;
        int bad = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            byte[] copy = new Damage(seed).of(encoded(seed));
            if (copy.length < BoardCodec.HEADER_BYTES) {
                continue; // refused before the checksum is looked at
            }
            try {
                Report report = ReportReader.read(ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN), NODE);
                assertThat(report.node()).as("seed %d", seed).isEqualTo(NODE);
                good++;
            } catch (MalformedCopy e) {
                assertThat(e.reason()).as("seed %d", seed).isNotBlank();
                bad++;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertThat(good).isPositive();
        assertThat(bad).isPositive();
    }

    @Test
    void noDamagedBlockIsAReportThatNobodyWrote() {
        for (long seed = 0; seed < SEEDS; seed++) {
            byte[] written = encoded(seed);
            byte[] copy = new Damage(seed).of(written);
            BlockReading reading;
            try {
                reading = BoardCodec.decode(ByteBuffer.wrap(copy), NODE);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
            boolean sameReport = reading instanceof BlockReading.Good good
                    && good.report().equals(ReportSamples.random(new Random(seed), NODE.value()));
            assertThat(reading instanceof BlockReading.Good && !sameReport)
                    .as("seed %d", seed)
                    .isFalse();
        }
    }

    private static byte[] encoded(long seed) {
        Report report = ReportSamples.random(new Random(seed), NODE.value());
        ByteBuffer bytes = ((Encoding.Fits) BoardCodec.encode(report, 1 << 16)).bytes();
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return copy;
    }
}
