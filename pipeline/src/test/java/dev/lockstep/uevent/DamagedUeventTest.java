// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.uevent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.fuzz.Damage;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DamagedUeventTest {
    private static final int SEEDS = Integer.getInteger("fuzz.seeds", 50_000);
    private static final byte[] ONLINE = ("online@/kernel/dlm/foo\0ACTION=online\0DEVPATH=/kernel/dlm/foo\0"
                    + "SUBSYSTEM=dlm\0LOCKSPACE=foo\0SEQNUM=643\0")
            .getBytes(StandardCharsets.ISO_8859_1);

    @Test
    void noDamageIsMoreThanAMalformedEvent() {
        int received = 0;
        int malformed = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            byte[] datagram = new Damage(seed).of(ONLINE);
            Optional<UeventSignal> signal;
            try {
                signal = UeventParser.parse(datagram, datagram.length);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
            received += signal.filter(s -> s instanceof UeventSignal.Received).isPresent() ? 1 : 0;
            malformed += signal.filter(s -> s instanceof UeventSignal.Malformed).isPresent() ? 1 : 0;
        }
        assertThat(received).isPositive();
        assertThat(malformed).isPositive();
    }
}
