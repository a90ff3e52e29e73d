// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.uevent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.domain.LockspaceName;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The datagrams of a 6.1 kernel, byte for byte, and what must not be read as one. */
class UeventParserTest {

    private static final String ONLINE =
            "online@/kernel/dlm/foo\0ACTION=online\0DEVPATH=/kernel/dlm/foo\0SUBSYSTEM=dlm\0"
                    + "LOCKSPACE=foo\0SEQNUM=643\0";

    @ParameterizedTest
    @CsvSource({"add,ADD,94,642", "online,ONLINE,100,643", "offline,OFFLINE,102,646", "remove,REMOVE,100,647"})
    void readsWhatTheKernelSends(String verb, Uevent.Action action, int bytes, int seqnum) {
        String datagram = verb + "@/kernel/dlm/foo\0ACTION=" + verb
                + "\0DEVPATH=/kernel/dlm/foo\0SUBSYSTEM=dlm\0LOCKSPACE=foo\0SEQNUM=" + seqnum + "\0";

        assertThat(datagram).hasSize(bytes);
        assertThat(parse(datagram)).contains(received(action, "foo"));
    }

    @Test
    void findsFieldsByKeyWhereverTheyStand() {
        assertThat(parse("offline@/kernel/dlm/foo\0ACTION=offline\0DEVPATH=/kernel/dlm/foo\0SUBSYSTEM=dlm\0"
                        + "RELEASE_RECOVER=1\0LOCKSPACE=foo\0SEQNUM=9\0"))
                .contains(received(Uevent.Action.OFFLINE, "foo"));
        assertThat(parse("online@/kernel/dlm/foo\0SEQNUM=9\0LOCKSPACE=foo\0SUBSYSTEM=dlm\0DEVPATH=/kernel/dlm/foo\0"
                        + "ACTION=online\0"))
                .contains(received(Uevent.Action.ONLINE, "foo"));
    }

    @Test
    void keepsEveryByteOfAName() {
        assertThat(parse(ONLINE.replace("foo", "a=b\n\u00fc!")))
                .contains(received(Uevent.Action.ONLINE, "a=b\n\u00fc!"));
    }

    @Test
    void leavesOtherSubsystemsAlone() {
        assertThat(parse("add@/devices/virtual/misc/dlm_foo\0ACTION=add\0DEVPATH=/devices/virtual/misc/dlm_foo\0"
                        + "SUBSYSTEM=misc\0MAJOR=10\0MINOR=121\0DEVNAME=dlm_foo\0SEQNUM=644\0"))
                .isEmpty();
        assertThat(parse(ONLINE.replace("SUBSYSTEM=dlm", "SUBSYSTEM=dlmx"))).isEmpty();
        assertThat(parse(ONLINE.replace("SUBSYSTEM=dlm", "XSUBSYSTEM=dlm"))).isEmpty();
    }

    @Test
    void aNameWithASlashCannotBeServedButItsCreateCanBeAnswered() {
        String datagram =
                "online@/kernel/dlm/a!b\0ACTION=online\0DEVPATH=/kernel/dlm/a!b\0SUBSYSTEM=dlm\0LOCKSPACE=a/b\0";

        assertThat(parse(datagram))
                .contains(new UeventSignal.Unusable(
                        Uevent.Action.ONLINE, "a!b", "lockspace name 'a/b' cannot be a directory name"));
    }

    @Test
    void aSlashExcusesNothingElse() {
        String datagram = "online@/kernel/dlm/%s\0ACTION=online\0DEVPATH=/kernel/dlm/%s\0SUBSYSTEM=dlm\0LOCKSPACE=%s\0";

        assertThat(why(datagram.formatted("a/b", "a/b", "a/b"))).contains("DEVPATH");
        assertThat(why(datagram.formatted("x", "x", "../x"))).contains("DEVPATH");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "online@/kernel/dlm/foo",
                "libudev\0SUBSYSTEM=dlm\0",
                "\0SUBSYSTEM=dlm\0",
                "online@/kernel/dlm/foo\0SUBSYSTEM=dlm\0ACTION=online\0DEVPATH=/kernel/dlm/foo\0",
                "online@/kernel/dlm/foo\0SUBSYSTEM=dlm\0ACTION=online\0LOCKSPACE=foo\0",
                "online@/kernel/dlm/foo\0SUBSYSTEM=dlm\0DEVPATH=/kernel/dlm/foo\0LOCKSPACE=foo\0",
                "online@/kernel/dlm/foo\0SUBSYSTEM=dlm\0ACTION=online\0DEVPATH=/kernel/dlm/bar\0LOCKSPACE=foo\0",
                "online@/kernel/dlm/foo\0SUBSYSTEM=dlm\0ACTION=online\0DEVPATH=/kernel/gfs/foo\0LOCKSPACE=foo\0",
                "online@/kernel/dlm/foo\0SUBSYSTEM=dlm\0ACTION=change\0DEVPATH=/kernel/dlm/foo\0LOCKSPACE=foo\0",
                "online@/kernel/dlm/\0SUBSYSTEM=dlm\0ACTION=online\0DEVPATH=/kernel/dlm/\0LOCKSPACE=\0",
                "online@/kernel/dlm/..\0SUBSYSTEM=dlm\0ACTION=online\0DEVPATH=/kernel/dlm/..\0LOCKSPACE=..\0",
                "online@/kernel/dlm/f\0SUBSYSTEM=dlm\0ACTION=online\0DEVPATH=/kernel/dlm/f\0LOCKSPACE=f\0LOCKSPACE=f\0",
                "online@/kernel/dlm/f\0SUBSYSTEM=dlm\0ACTION=online\0DEVPATH=/kernel/dlm/f\0LOCKSPACE=f\0=x\0",
                "online@/kernel/dlm/f\0SUBSYSTEM=dlm\0ACTION=online\0DEVPATH=/kernel/dlm/f\0LOCKSPACE=f\0junk\0"
            })
    void refusesWhatItDoesNotUnderstand(String datagram) {
        assertThat(why(datagram)).isNotBlank();
    }

    @Test
    void refusesNamesLongerThanTheKernelsBound() {
        assertThat(parse(ONLINE.replace("foo", "x".repeat(64))))
                .contains(received(Uevent.Action.ONLINE, "x".repeat(64)));
        assertThat(why(ONLINE.replace("foo", "x".repeat(65)))).contains("65");
    }

    @Test
    void refusesWhatIsTooLongOrEmpty() {
        assertThat(why(ONLINE + "x".repeat(UeventParser.MAX_BYTES) + "\0")).contains("longer");
        assertThat(why("")).contains("NUL");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void anyBytesAreReadWithoutAnExceptionAndNoReasonCarriesRawBytes(long seed) {
        Random random = new Random(seed);
        byte[] good = ONLINE.getBytes(StandardCharsets.ISO_8859_1);
        for (int run = 0; run < 20_000; run++) {
            byte[] bytes = Arrays.copyOf(good, 1 + random.nextInt(good.length + 8));
            for (int flip = random.nextInt(4); flip > 0; flip--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Optional<UeventSignal> signal = UeventParser.parse(bytes, bytes.length);
            if (signal.isPresent() && signal.get() instanceof UeventSignal.Malformed malformed) {
                assertThat(malformed.why().chars())
                        .as("seed %d run %d", seed, run)
                        .allMatch(c -> c >= ' ' && c < 0x7f);
            }
        }
    }

    private static UeventSignal received(Uevent.Action action, String name) {
        return new UeventSignal.Received(new Uevent(action, new LockspaceName(name)));
    }

    private static Optional<UeventSignal> parse(String datagram) {
        byte[] bytes = datagram.getBytes(StandardCharsets.ISO_8859_1);
        // A longer buffer with old bytes behind the datagram, as the receiver's is.
        byte[] buffer = Arrays.copyOf(bytes, bytes.length + 32);
        Arrays.fill(buffer, bytes.length, buffer.length, (byte) 'X');
        return UeventParser.parse(buffer, bytes.length);
    }

    private static String why(String datagram) {
        UeventSignal signal = parse(datagram).orElseThrow();
        assertThat(signal).isInstanceOf(UeventSignal.Malformed.class);
        return ((UeventSignal.Malformed) signal).why();
    }
}
