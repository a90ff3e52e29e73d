// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ComplaintTest {
    private final Complaint complaint = new Complaint();

    @Test
    void oneReasonIsNewsOnce() {
        assertThat(complaint.isNews("EIO")).isTrue();
        assertThat(complaint.isNews("EIO")).isFalse();
    }

    @Test
    void anotherReasonIsNewsAndSoIsTheFirstOneAfterIt() {
        complaint.isNews("EIO");

        assertThat(complaint.isNews("ENOENT")).isTrue();
        assertThat(complaint.isNews("EIO")).isTrue();
    }

    @Test
    void whatHadEndedIsNewsAgain() {
        complaint.isNews("EIO");
        complaint.end();

        assertThat(complaint.isNews("EIO")).isTrue();
    }
}
