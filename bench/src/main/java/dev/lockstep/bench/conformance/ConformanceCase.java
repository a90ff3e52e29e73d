// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.conformance;

import java.util.List;

/**
 * One thing that fs/dlm does.
 *
 * @param sentence what is claimed
 * @param machines how many it takes
 * @param story does it and writes down what is seen; leaves the machines as it found them
 * @param expected what must be seen, in the words of {@link Session}
 */
public record ConformanceCase(String sentence, int machines, Story story, List<String> expected) {

    /** What is done. */
    @FunctionalInterface
    public interface Story {
        /** Does it, on as many machines as the case takes. */
        void tell(List<Session> nodes) throws Exception;
    }

    /** What is done on one machine. */
    @FunctionalInterface
    public interface OwnStory {
        /** Does it. */
        void tell(Session node) throws Exception;
    }

    public ConformanceCase {
        expected = List.copyOf(expected);
    }

    static ConformanceCase alone(String sentence, OwnStory story, String... expected) {
        return new ConformanceCase(sentence, 1, nodes -> story.tell(nodes.get(0)), List.of(expected));
    }

    static ConformanceCase pair(String sentence, Story story, String... expected) {
        return new ConformanceCase(sentence, 2, story, List.of(expected));
    }
}
