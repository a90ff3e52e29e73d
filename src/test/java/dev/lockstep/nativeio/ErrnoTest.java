// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.nativeio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.kernel.Outcome.ErrorClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ErrnoTest {
    @ParameterizedTest
    @CsvSource({
        "1,EPERM",
        "4,EINTR",
        "5,EIO",
        "11,EAGAIN",
        "16,EBUSY",
        "17,EEXIST",
        "22,EINVAL",
        "28,ENOSPC",
        "35,EDEADLK",
        "36,ENAMETOOLONG",
        "42,ENOMSG",
        "59,EBFONT",
        "75,EOVERFLOW",
        "95,EOPNOTSUPP",
        "105,ENOBUFS",
        "110,ETIMEDOUT",
        "133,EHWPOISON"
    })
    void numbersAndNamesBelongTogether(int number, String name) {
        assertThat(new Errno(number).name()).isEqualTo(name);
        assertThat(Errno.parse(name)).isEqualTo(new Errno(number));
    }

    @ParameterizedTest
    @CsvSource({
        "EINTR,AGAIN_NOW", "EAGAIN,AGAIN_LATER", "EBUSY,AGAIN_LATER", "ENOMEM,AGAIN_LATER", "EIO,AGAIN_LATER",
        "ENOENT,GONE", "ENODEV,GONE", "EINVAL,LASTING", "EACCES,LASTING", "EROFS,LASTING"
    })
    void classesSayWhetherWaitingHelps(String name, ErrorClass expected) {
        assertThat(Errno.parse(name).errorClass()).isEqualTo(expected);
    }

    @Test
    void aNumberWithoutNameKeepsItsNumber() {
        assertThat(new Errno(999).name()).isEqualTo("errno 999");
        assertThat(new Errno(41).name()).isEqualTo("errno 41");
        assertThat(new Errno(999).errorClass()).isEqualTo(ErrorClass.LASTING);
    }

    @Test
    void anUnknownNameIsRefused() {
        assertThatThrownBy(() -> Errno.parse("EWHAT"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("EWHAT");
        assertThatThrownBy(() -> Errno.parse("?")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Errno(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
