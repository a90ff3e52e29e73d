// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.JoinNumber;
import dev.lockstep.domain.NodeNumber;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BoardCodecTest {
    private static final NodeNumber NODE = NodeNumber.of(3);
    private static final int COPY_BYTES = 2048;

    @Test
    void whatIsWrittenIsRead() {
        Report report = ReportSamples.rich(3, 17);

        assertThat(BoardCodec.decode(block(copy(report), copy(report)), NODE)).isEqualTo(new BlockReading.Good(report));
    }

    @Test
    void theNewestOfTwoCopiesWins() {
        Report older = ReportSamples.rich(3, 17);
        Report newer = ReportSamples.rich(3, 18);

        assertThat(BoardCodec.decode(block(copy(older), copy(newer)), NODE)).isEqualTo(new BlockReading.Good(newer));
        assertThat(BoardCodec.decode(block(copy(newer), copy(older)), NODE)).isEqualTo(new BlockReading.Good(newer));
        assertThat(BoardCodec.copyToWrite(block(copy(older), copy(newer)), NODE))
                .isZero();
        assertThat(BoardCodec.copyToWrite(block(copy(newer), copy(older)), NODE))
                .isOne();
    }

    @Test
    void aTornWriteLeavesTheOtherCopyWhereverItTore() {
        Report older = ReportSamples.rich(3, 17);
        byte[] before = copy(ReportSamples.rich(3, 16));
        byte[] after = copy(ReportSamples.crowded(3, 18, 12, 32));
        for (int tear = 512; tear < COPY_BYTES; tear += 512) {
            byte[] torn = after.clone();
            System.arraycopy(before, tear, torn, tear, COPY_BYTES - tear);
            ByteBuffer block = block(torn, copy(older));
            boolean whole = tear >= BoardCodec.encodedBytes(ReportSamples.crowded(3, 18, 12, 32));

            assertThat(BoardCodec.decode(block, NODE))
                    .as("torn at %d", tear)
                    .isEqualTo(new BlockReading.Good(whole ? ReportSamples.crowded(3, 18, 12, 32) : older));
            assertThat(BoardCodec.copyToWrite(block, NODE))
                    .as("torn at %d", tear)
                    .isEqualTo(whole ? 1 : 0);
        }
    }

    @Test
    void aFormattedBlockIsVacantAndStaysSoUntilAReportIsWhole() {
        byte[] vacant = padded(BoardCodec.vacant().array());
        Report first = ReportSamples.rich(3, 1);

        assertThat(BoardCodec.decode(block(vacant, vacant), NODE)).isEqualTo(new BlockReading.Vacant());
        assertThat(BoardCodec.decode(block(copy(first), vacant), NODE)).isEqualTo(new BlockReading.Good(first));
        assertThat(BoardCodec.decode(block(new byte[COPY_BYTES], vacant), NODE)).isEqualTo(new BlockReading.Vacant());
        assertThat(BoardCodec.copyToWrite(block(vacant, vacant), NODE)).isZero();
        assertThat(BoardCodec.copyToWrite(block(copy(first), vacant), NODE)).isOne();
    }

    @Test
    void aWipedBlockIsBadAndSaysWhy() {
        assertThat(BoardCodec.decode(ByteBuffer.allocate(2 * COPY_BYTES), NODE))
                .isInstanceOfSatisfying(
                        BlockReading.Bad.class,
                        bad -> assertThat(bad.why())
                                .contains("copy 0: no board")
                                .contains("copy 1: no board"));
    }

    /** The next one could not be written. */
    @Test
    void numbersThatNobodyCanHaveCountedToAreBad() {
        Report report = ReportSamples.rich(3, 17);
        LockspaceEntry entry = report.lockspaces().get(0);
        LockspaceEntry late = new LockspaceEntry(
                entry.name(),
                new JoinNumber(Long.MAX_VALUE),
                entry.phase(),
                entry.epoch(),
                entry.digest(),
                entry.nodes());
        FenceAttempt attempt = report.fences().get(0);
        FenceAttempt last = new FenceAttempt(
                attempt.node(), attempt.boot(), attempt.generation(), attempt.status(), Integer.MAX_VALUE, 1);

        assertThat(whyBad(ReportSamples.rich(3, Long.MAX_VALUE))).contains("seq " + Long.MAX_VALUE);
        assertThat(whyBad(with(report, List.of(late), report.fences(), report.links())))
                .contains("join number " + Long.MAX_VALUE);
        assertThat(whyBad(with(report, report.lockspaces(), List.of(last), report.links())))
                .contains("fence attempt " + Integer.MAX_VALUE);
    }

    @Test
    void aNodeThatIsCutOffFromItselfIsBad() {
        Report report = ReportSamples.rich(3, 17);
        Links links = new Links(new TreeSet<>(), new TreeSet<>(Set.of(NODE)));

        assertThat(whyBad(with(report, report.lockspaces(), report.fences(), links)))
                .contains("node 3 is cut off from itself");
    }

    private static String whyBad(Report report) {
        return ((BlockReading.Bad) BoardCodec.decode(block(copy(report), copy(report)), NODE)).why();
    }

    private static Report with(Report r, List<LockspaceEntry> lockspaces, List<FenceAttempt> fences, Links links) {
        return new Report(
                r.region(),
                r.node(),
                r.boot(),
                r.generation(),
                r.seq(),
                r.settings(),
                r.mustGo(),
                r.floor(),
                r.evictions(),
                lockspaces,
                fences,
                links);
    }

    @Test
    void anotherNodesReportInTheBlockIsBad() {
        byte[] foreign = copy(ReportSamples.rich(5, 99));

        assertThat(BoardCodec.decodeCopy(ByteBuffer.wrap(foreign), NODE))
                .isEqualTo(new BlockReading.Bad("written by node 5 into the block of node 3"));
        assertThat(BoardCodec.decode(block(foreign, copy(ReportSamples.rich(3, 1))), NODE))
                .isEqualTo(new BlockReading.Good(ReportSamples.rich(3, 1)));
    }

    @Test
    void aForeignRegionsNameIsPassedOnForTheCoreToJudge() {
        Report foreign = ReportSamples.random(new Random(1), 3);

        assertThat(foreign.region()).isNotEqualTo(ReportSamples.REGION);
        assertThat(BoardCodec.decodeCopy(ByteBuffer.wrap(copy(foreign)), NODE))
                .isEqualTo(new BlockReading.Good(foreign));
    }

    @Test
    void aReportThatDoesNotFitIsRefusedWithItsSize() {
        Report report = ReportSamples.crowded(3, 1, 40, 32);
        int needed = BoardCodec.encodedBytes(report);

        assertThat(needed).isGreaterThan(COPY_BYTES);
        assertThat(BoardCodec.encode(report, COPY_BYTES)).isEqualTo(new Encoding.TooLarge(needed, COPY_BYTES));
        assertThat(BoardCodec.encode(report, needed - 1)).isEqualTo(new Encoding.TooLarge(needed, needed - 1));
        assertThat(BoardCodec.encode(report, needed)).isInstanceOf(Encoding.Fits.class);
    }

    @Test
    void copiesHoldAsManyLockspacesAsAVolumeHostNeeds() {
        assertThat(BoardCodec.encodedBytes(ReportSamples.crowded(3, 1, 27, 32))).isLessThanOrEqualTo(2048);
        assertThat(BoardCodec.encodedBytes(ReportSamples.crowded(3, 1, 300, 64)))
                .isLessThanOrEqualTo(32768);
    }

    @Test
    void oneViewOfManyLockspacesIsWrittenOnce() {
        int one = BoardCodec.encodedBytes(ReportSamples.crowded(3, 1, 1, 8));
        int two = BoardCodec.encodedBytes(ReportSamples.crowded(3, 1, 2, 8));

        assertThat(two - one).isEqualTo(4 + 28 + 8);
    }

    @Test
    void aFieldOfALaterVersionIsSkipped() {
        Report report = ReportSamples.rich(3, 17);
        byte[] bytes = fits(report);
        ByteBuffer longer = ByteBuffer.allocate(bytes.length + 4 + 7).order(ByteOrder.LITTLE_ENDIAN);
        longer.put(bytes, 0, 64).putShort((short) 999).putShort((short) 7).put(new byte[7]);
        longer.put(bytes, 64, bytes.length - 64);
        longer.putInt(16, longer.capacity()).putShort(12, (short) 2);

        assertThat(BoardCodec.decodeCopy(resealed(longer), NODE)).isEqualTo(new BlockReading.Good(report));
    }

    @Test
    void aCopyThatNeedsALaterReaderIsBad() {
        ByteBuffer copy = changed(c -> c.putShort(14, (short) 2));

        assertThat(BoardCodec.decodeCopy(copy, NODE))
                .isEqualTo(new BlockReading.Bad("needs a reader of format 2, this one knows 1"));
    }

    @Test
    void limitsAreCheckedUnderAMatchingChecksumToo() {
        List<Consumer<ByteBuffer>> wrong = List.of(
                c -> c.putInt(16, 63),
                c -> c.putInt(16, -1),
                c -> c.putInt(16, c.limit() - 1),
                c -> c.put(20, (byte) 9),
                c -> c.put(21, (byte) 255),
                c -> c.putLong(24, 0),
                c -> c.putLong(24, -1),
                c -> c.putLong(32, 0).putLong(40, 0),
                c -> c.putLong(56, -1),
                c -> c.putLong(56, Epoch.MAX_CREDIBLE.value() + 1),
                c -> c.putShort(64, (short) 77),
                c -> c.putShort(66, (short) 0xFFFF),
                c -> c.putShort(66, (short) 33),
                c -> c.put(68, (byte) '/'));
        for (int i = 0; i < wrong.size(); i++) {
            assertThat(BoardCodec.decodeCopy(changed(wrong.get(i)), NODE))
                    .as("change %d", i)
                    .isInstanceOf(BlockReading.Bad.class);
        }
    }

    /** Read as it stands, the next epoch would be none. */
    @Test
    void anEpochThatNoClusterGetsToIsGarbage() {
        assertThat(decoded(Epoch.MAX_CREDIBLE)).isInstanceOf(BlockReading.Good.class);
        assertThat(decoded(Epoch.MAX_CREDIBLE.next())).isInstanceOf(BlockReading.Bad.class);
    }

    private static BlockReading decoded(Epoch epoch) {
        Report like = ReportSamples.rich(NODE.value(), 1);
        LockspaceEntry of = like.lockspaces().get(0);
        LockspaceEntry entry = new LockspaceEntry(of.name(), of.join(), Phase.STOPPED, epoch, of.digest(), of.nodes());
        Report report = new Report(
                like.region(),
                NODE,
                like.boot(),
                like.generation(),
                like.seq(),
                like.settings(),
                false,
                Epoch.NONE,
                List.of(),
                List.of(entry));
        return BoardCodec.decodeCopy(((Encoding.Fits) BoardCodec.encode(report, 1 << 16)).bytes(), NODE);
    }

    @Test
    void aReportThatBreaksItsOwnRulesIsNotWritten() {
        Report report = ReportSamples.rich(3, 1);

        assertThatThrownBy(() -> BoardCodec.encode(report.withSeq(0), COPY_BYTES))
                .isInstanceOf(IllegalArgumentException.class);
        Report twice = new Report(
                report.region(),
                report.node(),
                report.boot(),
                report.generation(),
                1,
                report.settings(),
                false,
                report.floor(),
                List.of(),
                List.of(report.lockspaces().get(0), report.lockspaces().get(0)));
        assertThatThrownBy(() -> BoardCodec.encode(twice, COPY_BYTES))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("clvmd");
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void anyReportSurvivesTheRoundTrip(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 250; round++) {
            Report report = ReportSamples.random(random, 3);
            byte[] bytes =
                    ((Encoding.Fits) BoardCodec.encode(report, 32768)).bytes().array();

            assertThat(bytes).hasSize(BoardCodec.encodedBytes(report));
            assertThat(BoardCodec.decodeCopy(ByteBuffer.wrap(bytes), NODE))
                    .as("seed %d round %d", seed, round)
                    .isEqualTo(new BlockReading.Good(report));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24})
    void damagedCopiesAreBadAndNeverThrow(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            byte[] bytes = fits(ReportSamples.rich(3, 17));
            switch (random.nextInt(3)) {
                case 0 -> random.nextBytes(bytes);
                case 1 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
                default -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }

            assertThat(BoardCodec.decodeCopy(ByteBuffer.wrap(bytes), NODE))
                    .as("seed %d round %d", seed, round)
                    .isInstanceOf(BlockReading.Bad.class);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 32, 33, 34})
    void garbageUnderAMatchingChecksumNeverThrows(long seed) {
        Random random = new Random(seed);
        int bad = 0;
        for (int round = 0; round < 2000; round++) {
            ByteBuffer copy = changed(c -> {
                for (int i = 1 + random.nextInt(8); i > 0; i--) {
                    int at = 20 + random.nextInt(c.limit() - 20);
                    c.put(at, (byte) random.nextInt());
                }
            });
            BlockReading reading = BoardCodec.decodeCopy(copy, NODE);
            bad += reading instanceof BlockReading.Bad ? 1 : 0;
        }
        assertThat(bad).as("seed %d", seed).isGreaterThan(500);
    }

    private static byte[] fits(Report report) {
        return ((Encoding.Fits) BoardCodec.encode(report, COPY_BYTES)).bytes().array();
    }

    private static byte[] copy(Report report) {
        return padded(fits(report));
    }

    private static byte[] padded(byte[] bytes) {
        return Arrays.copyOf(bytes, COPY_BYTES);
    }

    private static ByteBuffer block(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .flip();
    }

    private static ByteBuffer changed(Consumer<ByteBuffer> change) {
        ByteBuffer copy = ByteBuffer.wrap(fits(ReportSamples.rich(3, 17))).order(ByteOrder.LITTLE_ENDIAN);
        change.accept(copy);
        return resealed(copy);
    }

    /** The checksum over what is there, so that only the checks behind it can refuse it. */
    private static ByteBuffer resealed(ByteBuffer copy) {
        int length = copy.getInt(16);
        int covered = length < 64 || length > copy.capacity() ? copy.capacity() : length;
        copy.putInt(8, 0);
        CRC32C crc = new CRC32C();
        crc.update(copy.slice(0, covered));
        return copy.putInt(8, (int) crc.getValue()).rewind();
    }
}
