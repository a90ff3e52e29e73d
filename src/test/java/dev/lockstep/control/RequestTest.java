// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.exit.ExitCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestTest {
    @Test
    void readsBackWhatItWrites() {
        Request request = new Request(Request.Verb.WHY, true, List.of("a\\x20b"));

        assertThat(request.line()).isEqualTo("1 why json a\\x20b");
        assertThat(Request.parse(request.line())).contains(request);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "1",
                "1 ls",
                "2 ls text",
                "1 LS text",
                "1 ls xml",
                "1 ls text more",
                "1 ls  text",
                "1 why text",
                "1 why text ",
                "1 why text a b",
                "1 fence-ack text 1 b c",
                "1 why text a\tb",
                "1 why text \u00e4",
                "1 ls text\r"
            })
    void readsNothingElse(String line) {
        assertThat(Request.parse(line)).isEmpty();
    }

    @Test
    void knowsWhatCannotBeSent() {
        assertThat(new Request(Request.Verb.WHY, false, List.of("a b")).isSendable())
                .isFalse();
        assertThat(new Request(Request.Verb.WHY, false, List.of("a\nb")).isSendable())
                .isFalse();
        assertThat(new Request(Request.Verb.WHY, false, List.of("a".repeat(1024))).isSendable())
                .isFalse();
        assertThat(new Request(Request.Verb.WHY, false, List.of("ab")).isSendable())
                .isTrue();
    }

    @Test
    void getsAnAnswerThatIsReadBackWhole() {
        Answer answer = new Answer(75, "later", "two\nlines\n");

        assertThat(Answer.parse(answer.wire())).isEqualTo(answer);
        assertThat(Answer.parse(Answer.failure(ExitCode.UNAVAILABLE, "no\nsuch\u001b[31m")
                                .wire())
                        .message())
                .isEqualTo("no?such?[31m");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0 4 \nab", "0 4 \nabcde", "x 0 \n", "0 x \n", "99999 0 \n"})
    void getsAnAnswerThatIsCutShortOrNone(String wire) {
        assertThatThrownBy(() -> Answer.parse(wire)).isInstanceOf(IllegalArgumentException.class);
    }
}
