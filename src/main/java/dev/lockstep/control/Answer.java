// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.control;

import dev.lockstep.exit.ExitCode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One answer. On the socket, in UTF-8: a line with the status and the body's length in chars, both decimal, and the
 * message, apart by one blank; then the body.
 *
 * @param status process exit status for the client, after sysexits(3); 0: done
 * @param message one line for standard error, empty for none
 * @param body for standard output, may be empty
 */
public record Answer(int status, String message, String body) {
    private static final Pattern WIRE =
            Pattern.compile("(0|[1-9][0-9]{0,2}) (0|[1-9][0-9]{0,8}) ([^\n]*)\n(.*)", Pattern.DOTALL);

    static Answer of(String body) {
        return new Answer(ExitCode.OK.status(), "", body);
    }

    /** {@return what there is to show, which is not all: the caller had better ask again} */
    static Answer incomplete(String body) {
        return new Answer(ExitCode.TEMPORARY.status(), "", body);
    }

    static Answer failure(ExitCode code, String message) {
        return new Answer(code.status(), Printable.line(message), "");
    }

    /** {@return the text on the socket} */
    String wire() {
        return status + " " + body.length() + " " + message + "\n" + body;
    }

    /**
     * {@return the answer that {@code wire} carries}
     *
     * @throws IllegalArgumentException if it is none, or was cut short, for instance because the agent stopped
     */
    static Answer parse(String wire) {
        Matcher matcher = WIRE.matcher(wire);
        if (!matcher.matches()
                || Integer.parseInt(matcher.group(2)) != matcher.group(4).length()) {
            throw new IllegalArgumentException("the agent's answer is cut short or is none");
        }
        return new Answer(Integer.parseInt(matcher.group(1)), matcher.group(3), matcher.group(4));
    }
}
