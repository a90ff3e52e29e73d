// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.control;

import dev.lockstep.control.StatusSnapshot.Lockspace;
import dev.lockstep.exit.ExitCode;
import dev.lockstep.port.BootClock;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Answers requests from the published snapshot. Never blocks, as long as the supplier and {@link FenceAcks} do not.
 */
final class Responder {
    /** Said in place of lockspaces, of which there may be many. */
    static final String NOT_YET = "kernel and memory were not read yet, so nothing is known of lockspaces; ask again";

    private final Supplier<StatusSnapshot> published;
    private final FenceAcks acks;
    private final BootClock clock;

    Responder(Supplier<StatusSnapshot> published, FenceAcks acks, BootClock clock) {
        this.published = published;
        this.acks = acks;
        this.clock = clock;
    }

    Answer answer(String line) {
        Optional<Request> request = Request.parse(line);
        if (request.isEmpty()) {
            return Answer.failure(ExitCode.USAGE, "not a request this agent knows");
        }
        return answer(request.get());
    }

    private Answer answer(Request request) {
        StatusSnapshot snapshot = published.get();
        long nowNs = clock.nowNs();
        if (!snapshot.started() && request.verb() != Request.Verb.STATUS) {
            return Answer.failure(ExitCode.TEMPORARY, NOT_YET);
        }
        return switch (request.verb()) {
            case STATUS -> status(snapshot, request, nowNs);
            case LS -> Answer.of(request.json() ? JsonAnswers.ls(snapshot, nowNs) : TextAnswers.ls(snapshot, nowNs));
            case WHY -> why(snapshot, request, nowNs);
            case FENCE_ACK -> new FenceAckAnswers(snapshot, acks, nowNs).answer(request);
        };
    }

    private static Answer status(StatusSnapshot snapshot, Request request, long nowNs) {
        String body = request.json() ? JsonAnswers.status(snapshot, nowNs) : TextAnswers.status(snapshot, nowNs);
        return snapshot.started() ? Answer.of(body) : Answer.incomplete(body);
    }

    private static Answer why(StatusSnapshot snapshot, Request request, long nowNs) {
        String name = request.arguments().get(0);
        Optional<Lockspace> lockspace = snapshot.lockspace(name);
        if (lockspace.isEmpty()) {
            return Answer.failure(ExitCode.UNAVAILABLE, "no lockspace " + name + " on this node");
        }
        return Answer.of(
                request.json()
                        ? JsonAnswers.why(lockspace.get(), nowNs)
                        : TextAnswers.why(snapshot, lockspace.get(), nowNs));
    }
}
