// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.control;

import dev.lockstep.exit.ExitCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client's exchange: read a line, write the answer, end. Confined to the server's thread. */
final class Client {
    private static final Logger LOG = LoggerFactory.getLogger(Client.class);

    private final long deadlineNs;
    private final ByteBuffer request = ByteBuffer.allocate(Request.MAX_BYTES);
    private ByteBuffer answer = ByteBuffer.allocate(0);

    Client(long deadlineNs) {
        this.deadlineNs = deadlineNs;
    }

    /** When patience ends, CLOCK_BOOTTIME nanoseconds. */
    long deadlineNs() {
        return deadlineNs;
    }

    /** {@return whether there is more to do; what is ready is done, without waiting} */
    boolean proceed(SelectionKey key, Responder responder) throws IOException {
        SocketChannel channel = (SocketChannel) key.channel();
        if (key.isReadable()) {
            int count = channel.read(request);
            int end = lineEnd();
            if (end < 0 && request.hasRemaining()) {
                return count >= 0;
            }
            answer = StandardCharsets.UTF_8.encode(respond(end, responder).wire());
            key.interestOps(SelectionKey.OP_WRITE);
        }
        channel.write(answer);
        return answer.hasRemaining();
    }

    private Answer respond(int end, Responder responder) {
        if (end < 0) {
            return Answer.failure(ExitCode.USAGE, "the request is longer than " + Request.MAX_BYTES + " bytes");
        }
        try {
            return responder.answer(new String(request.array(), 0, end, StandardCharsets.ISO_8859_1));
        } catch (RuntimeException e) {
            LOG.error("answering a control request failed", e);
            return Answer.failure(ExitCode.SOFTWARE, "the agent failed to answer; its log says more");
        }
    }

    private int lineEnd() {
        for (int i = 0; i < request.position(); i++) {
            if (request.get(i) == '\n') {
                return i;
            }
        }
        return -1;
    }
}
