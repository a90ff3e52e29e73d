// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.runtime;

import dev.lockstep.board.Eviction;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.kernel.Memory;
import java.util.ArrayList;
import java.util.List;

/**
 * The memory's lasting part as text, one fact per line, words by one blank, in this order.
 *
 * <pre>
 *   floor EPOCH
 *   seq BOUND
 *   evicted NODE BOOT-ID GENERATION KIND             any number; GENERATION in 16 hexadecimal digits
 * </pre>
 *
 * <p>Strict: whatever is not exactly so is an IllegalArgumentException, for the reader to call the file damaged.
 */
final class LastingText {

    private LastingText() {}

    static String write(Memory.Lasting lasting) {
        StringBuilder text = new StringBuilder();
        text.append("floor " + lasting.floor() + "\nseq " + lasting.seqBound() + "\n");
        for (Eviction of : lasting.evictions()) {
            text.append("evicted " + of.node() + " " + of.boot() + " " + of.generation() + " " + of.kind() + "\n");
        }
        return text.toString();
    }

    static Memory.Lasting read(String text) {
        List<String> lines = text.lines().toList();
        if (lines.size() < 2) {
            throw new IllegalArgumentException("it ends before its second line");
        }
        long floor = Long.parseLong(words(lines.get(0), "floor", 2)[1]);
        long seqBound = Long.parseLong(words(lines.get(1), "seq", 2)[1]);
        if (seqBound < 0) {
            throw new IllegalArgumentException("its seq is negative");
        }
        List<Eviction> evictions = new ArrayList<>();
        for (String line : lines.subList(2, lines.size())) {
            evictions.add(eviction(words(line, "evicted", 5)));
        }
        return new Memory.Lasting(Epoch.read(floor), seqBound, evictions);
    }

    /** {@return whether a line says, or tries to say, something that lasts} */
    static boolean isOfIt(String line) {
        return line.startsWith("floor ") || line.startsWith("seq ") || line.startsWith("evicted ");
    }

    private static String[] words(String line, String first, int count) {
        String[] words = line.split(" ", -1);
        if (words.length != count || !words[0].equals(first)) {
            throw new IllegalArgumentException("'" + line + "' is no '" + first + "'");
        }
        return words;
    }

    private static Eviction eviction(String[] words) {
        return new Eviction(
                new NodeNumber(Integer.parseInt(words[1])),
                BootId.parse(words[2]),
                MemoryText.generation(words[3]),
                Eviction.Kind.valueOf(words[4]));
    }
}
