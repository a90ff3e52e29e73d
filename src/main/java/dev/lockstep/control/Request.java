// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.control;

import java.util.List;
import java.util.Optional;

/**
 * One request: {@code 1 VERB FORMAT [ARGUMENT...]} and a line feed, in ASCII, fields apart by one blank, at most
 * {@value #MAX_BYTES} bytes. The leading 1 is the protocol's version. FORMAT is {@code text} or {@code json}.
 *
 * @param verb what is asked for
 * @param json whether the answer's body is JSON rather than text
 * @param arguments lockspace names as {@link dev.lockstep.domain.LockspaceName#toString()} writes them, node numbers or
 *     names, boot ids
 */
public record Request(Verb verb, boolean json, List<String> arguments) {

    /** The longest line, its line feed included. */
    public static final int MAX_BYTES = 1024;

    private static final String VERSION = "1";

    /** What can be asked for. */
    public enum Verb {
        /** The whole snapshot. */
        STATUS("status", 0, 0),
        /** The lockspaces. */
        LS("ls", 0, 0),
        /** One lockspace's open reasons. */
        WHY("why", 1, 1),
        /** Shows a node's incarnation; with its boot id, vouches for the death of that one. */
        FENCE_ACK("fence-ack", 1, 2);

        private final String word;
        private final int least;
        private final int most;

        Verb(String word, int least, int most) {
            this.word = word;
            this.least = least;
            this.most = most;
        }

        private static Optional<Verb> of(String word) {
            for (Verb verb : values()) {
                if (verb.word.equals(word)) {
                    return Optional.of(verb);
                }
            }
            return Optional.empty();
        }
    }

    public Request {
        arguments = List.copyOf(arguments);
    }

    /** {@return the request a line makes, without its line feed; empty if it makes none} */
    static Optional<Request> parse(String line) {
        List<String> fields = List.of(line.split(" ", -1));
        if (fields.size() < 3
                || !fields.get(0).equals(VERSION)
                || fields.stream().anyMatch(String::isEmpty)
                || line.chars().anyMatch(c -> c < ' ' || c > '~')) {
            return Optional.empty();
        }
        Optional<Verb> verb = Verb.of(fields.get(1));
        boolean json = fields.get(2).equals("json");
        List<String> arguments = fields.subList(3, fields.size());
        if (verb.isEmpty()
                || !(json || fields.get(2).equals("text"))
                || arguments.size() < verb.get().least
                || arguments.size() > verb.get().most) {
            return Optional.empty();
        }
        return Optional.of(new Request(verb.get(), json, arguments));
    }

    /** {@return whether the agent would read back exactly this request} */
    public boolean isSendable() {
        return line().length() < MAX_BYTES && parse(line()).equals(Optional.of(this));
    }

    /** {@return the line without its line feed} */
    String line() {
        String head = VERSION + " " + verb.word + (json ? " json" : " text");
        return arguments.isEmpty() ? head : head + " " + String.join(" ", arguments);
    }
}
