// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class ControlClientTest {
    private static final Path SOCKET = Path.of("/run/lockstep/control.sock");

    /** The JDK has no other class for EACCES; root, who is allowed everything, never meets it. */
    @Test
    void aSocketThatIsNotForThisUserIsNamed() {
        assertThat(ControlClient.explained(SOCKET, new BindException("Permission denied")))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessage(SOCKET + ": Permission denied")
                .hasCauseInstanceOf(BindException.class);
    }

    @Test
    void aSocketWithoutAnAgentIsNoQuestionOfRights() {
        assertThat(ControlClient.explained(SOCKET, new SocketException("Connection refused")))
                .isInstanceOf(ConnectException.class)
                .hasMessage("Connection refused");
    }
}
