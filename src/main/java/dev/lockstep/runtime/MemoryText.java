// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.runtime;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.JoinNumber;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.Member;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import dev.lockstep.domain.View;
import dev.lockstep.kernel.Memory;
import dev.lockstep.uevent.Uevent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The memory as text, one fact per line, words by one blank. A lockspace's lines follow its own.
 *
 * <pre>
 *   boot BOOT-ID                                     whose boot this is of; first line
 *   floor ..., seq ..., evicted ...                  what lasts, see LastingText
 *   must-go                                          if it must
 *   comm NODE BOOT-ID
 *   lockspace NAME EPOCH none|online|offline stays|leaves    NAME with %XX for all but letters, digits, '.', '-', '_'
 *   guard REGION                                     if it is known
 *   view NODE BOOT-ID GENERATION JOIN                GENERATION in 16 hexadecimal digits
 *   processed NODE BOOT-ID GENERATION JOIN
 * </pre>
 *
 * <p>Strict: whatever is not exactly so is an IllegalArgumentException, for the reader to call the file damaged.
 */
final class MemoryText {

    private MemoryText() {}

    static String write(Memory memory, BootId boot) {
        StringBuilder text = new StringBuilder("boot " + boot + "\n" + LastingText.write(memory.lasting()));
        if (memory.mustGo()) {
            text.append("must-go\n");
        }
        memory.comms().forEach((node, of) -> text.append("comm " + node + " " + of + "\n"));
        memory.lockspaces().forEach((name, of) -> {
            String unanswered =
                    of.unanswered().map(a -> a.name().toLowerCase(Locale.ROOT)).orElse("none");
            String goes = of.leaving() ? "leaves" : "stays";
            text.append("lockspace " + encode(name.value()) + " " + of.epoch() + " " + unanswered + " " + goes + "\n");
            of.guard().ifPresent(guard -> text.append("guard " + guard.name() + "\n"));
            of.view().members().forEach(m -> text.append("view " + words(m) + "\n"));
            of.processed().members().forEach(m -> text.append("processed " + words(m) + "\n"));
        });
        return text.toString();
    }

    /** {@return the memory; empty if it is another boot's} */
    static Optional<Memory> read(String text, BootId boot) {
        List<String> lines = text.lines().toList();
        if (lines.isEmpty() || !lines.get(0).startsWith("boot ")) {
            throw new IllegalArgumentException("line 1 names no boot");
        }
        if (!BootId.parse(lines.get(0).substring(5)).equals(boot)) {
            return Optional.empty();
        }
        int first = 1;
        while (first < lines.size() && LastingText.isOfIt(lines.get(first))) {
            first++;
        }
        Memory.Lasting lasting = LastingText.read(String.join("\n", lines.subList(1, first)));
        Reader reader = new Reader();
        for (int i = first; i < lines.size(); i++) {
            try {
                reader.take(lines.get(i).split(" ", -1));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("line " + (i + 1) + ": " + e.getMessage(), e);
            }
        }
        return Optional.of(reader.finish(lasting));
    }

    static Generation generation(String word) {
        if (word.length() != 16) {
            throw new IllegalArgumentException("a generation has not 16 digits");
        }
        return new Generation(Long.parseUnsignedLong(word, 16));
    }

    private static String words(Member m) {
        return m.node() + " " + m.boot() + " " + m.generation() + " " + m.join();
    }

    private static String encode(String name) {
        StringBuilder out = new StringBuilder();
        name.chars().forEach(c -> {
            boolean plain = c < 0x7f && (Character.isLetterOrDigit(c) || c == '.' || c == '-' || c == '_');
            out.append(plain ? String.valueOf((char) c) : String.format(Locale.ROOT, "%%%02X", c));
        });
        return out.toString();
    }

    private static String decode(String encoded) {
        StringBuilder out = new StringBuilder();
        int i = 0;
        while (i < encoded.length()) {
            char c = encoded.charAt(i);
            if (c == '%') {
                out.append((char) Integer.parseInt(encoded, i + 1, i + 3, 16));
                i += 3;
            } else {
                out.append(c);
                i++;
            }
        }
        return out.toString();
    }

    /** Takes line after line. */
    private static final class Reader {
        private final SortedMap<NodeNumber, BootId> comms = new TreeMap<>();
        private final SortedMap<LockspaceName, Memory.OfLockspace> lockspaces = new TreeMap<>();
        private final List<Member> view = new ArrayList<>();
        private final List<Member> processed = new ArrayList<>();
        private @Nullable LockspaceName name;
        private Epoch epoch = Epoch.NONE;
        private Optional<Uevent.Action> unanswered = Optional.empty();
        private boolean leaving;
        private Optional<RegionId> guard = Optional.empty();
        private boolean mustGo;

        void take(String[] words) {
            switch (words[0] + words.length) {
                case "comm3" -> comms.put(node(words[1]), BootId.parse(words[2]));
                case "must-go1" -> mustGo = true;
                case "lockspace5" -> {
                    end();
                    name = new LockspaceName(decode(words[1]));
                    epoch = Epoch.read(Long.parseLong(words[2]));
                    unanswered = unanswered(words[3]);
                    leaving = leaving(words[4]);
                }
                case "guard2" -> guard(words[1]);
                case "view5" -> view.add(member(words));
                case "processed5" -> processed.add(member(words));
                default -> throw new IllegalArgumentException("no fact begins so");
            }
        }

        Memory finish(Memory.Lasting lasting) {
            end();
            return new Memory(lasting, mustGo, comms, lockspaces);
        }

        private void guard(String word) {
            if (name == null || guard.isPresent()) {
                throw new IllegalArgumentException("a guard of no lockspace, or a second one");
            }
            guard = Optional.of(new RegionId(word));
        }

        private void end() {
            if (name != null) {
                lockspaces.put(
                        name,
                        new Memory.OfLockspace(guard, View.of(view), epoch, View.of(processed), unanswered, leaving));
            } else if (!view.isEmpty() || !processed.isEmpty()) {
                throw new IllegalArgumentException("members of no lockspace");
            }
            guard = Optional.empty();
            view.clear();
            processed.clear();
        }

        private static Member member(String[] words) {
            return new Member(
                    node(words[1]),
                    BootId.parse(words[2]),
                    generation(words[3]),
                    new JoinNumber(Long.parseLong(words[4])));
        }

        private static NodeNumber node(String word) {
            return new NodeNumber(Integer.parseInt(word));
        }

        private static boolean leaving(String word) {
            return switch (word) {
                case "leaves" -> true;
                case "stays" -> false;
                default -> throw new IllegalArgumentException("it neither stays nor leaves: '" + word + "'");
            };
        }

        private static Optional<Uevent.Action> unanswered(String word) {
            return switch (word) {
                case "none" -> Optional.empty();
                case "online" -> Optional.of(Uevent.Action.ONLINE);
                case "offline" -> Optional.of(Uevent.Action.OFFLINE);
                default -> throw new IllegalArgumentException("'" + word + "' is no question of the kernel's");
            };
        }
    }
}
