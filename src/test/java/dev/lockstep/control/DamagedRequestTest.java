// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.fuzz.Damage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DamagedRequestTest {
    private static final int SEEDS = Integer.getInteger("fuzz.seeds", 50_000);
    private static final List<String> LINES =
            List.of("1 status text", "1 ls json", "1 why json foo", "1 fence-ack text 3 0-0-0-0-1");

    @Test
    void noDamagedLineIsMoreThanNoRequest() {
        int none = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            String line = new Damage(seed).of(LINES.get((int) (seed % LINES.size())));
            Optional<Request> request;
            try {
                request = Request.parse(line);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + line, e);
            }
            none += request.isEmpty() ? 1 : 0;
        }
        assertThat(none).isBetween(1, SEEDS - 1);
    }

    @Test
    void noDamagedAnswerIsTakenForAWholeOne() {
        String wire = new Answer(0, "", "foo STARTED 7\nbar STOPPED 8\n").wire();
        for (long seed = 0; seed < SEEDS; seed++) {
            String damaged = new Damage(seed).of(wire);
            try {
                Answer answer = Answer.parse(damaged);
                assertThat(answer.wire()).as("seed %d", seed).isEqualTo(damaged);
            } catch (IllegalArgumentException e) {
                assertThat(e).as("seed %d", seed).hasMessageContaining("cut short or is none");
            }
        }
    }
}
