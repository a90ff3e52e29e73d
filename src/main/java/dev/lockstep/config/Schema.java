// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Every setting there is, with what it takes. The defaults are in {@code reference.conf}. */
final class Schema {
    /** Stands for "find it out": this host's name, one period, this node's address. */
    static final String AUTO = "auto";

    /** Stands for a wait without an end. */
    static final String NEVER = "never";

    /** What {@link #isName} takes, for people. */
    static final String NAME_NEEDS = "a name of 1 to 64 letters, digits, '.', '-' and '_'";

    private static final int PORT_MAX = 65535;
    private static final long UNSIGNED_INT_MAX = 0xFFFF_FFFFL;

    /**
     * Of the 108 bytes of sockaddr_un.sun_path (unix(7)) the JDK leaves two, and the agent binds the path with a '~'
     * behind it before it moves it to its place.
     */
    private static final int SOCKET_PATH_MAX = 105;

    private static final Pattern NAME_PATTERN = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,63}");

    private static final Check PORT = Checks.wholeNumber(1, PORT_MAX);
    private static final Check MARK = Checks.wholeNumber(0, UNSIGNED_INT_MAX);
    private static final Check PATH =
            Checks.path("an absolute path", text -> text.startsWith("/") && !hasControl(text));
    private static final Check ARGUMENT = Checks.text(
            "a text of 1 to 1024 characters in one line",
            text -> !text.isEmpty() && text.length() <= 1024 && !hasControl(text));
    private static final Check ADDRESS = Checks.text(
            "an IP address in numbers", text -> IpLiteral.parse(text).isPresent());
    private static final Check BIND = Checks.text(
            "auto or an IP address in numbers",
            text -> text.equals(AUTO) || IpLiteral.parse(text).isPresent());
    private static final Check NAME = Checks.text(NAME_NEEDS, Schema::isName);
    private static final Check GLOB = Checks.text(
            "a pattern of 1 to " + LockspaceName.MAX_BYTES + " characters without '/'",
            text -> !text.isEmpty()
                    && text.length() <= LockspaceName.MAX_BYTES
                    && text.indexOf('/') < 0
                    && !hasControl(text));
    private static final Check REGION_NAME = Checks.text(
            "a region name of 1 to " + RegionId.MAX_LENGTH + " printable characters without '/' and blanks",
            matches("(?!\\.)[!-~&&[^/]]{1," + RegionId.MAX_LENGTH + "}"));

    /** The path of a socket that the agent can listen on. */
    static final Check SOCKET = Checks.path(
            "an absolute path of at most " + SOCKET_PATH_MAX + " bytes",
            text -> text.startsWith("/")
                    && !hasControl(text)
                    && text.getBytes(StandardCharsets.UTF_8).length <= SOCKET_PATH_MAX);

    private static final Group NODE = new Group(
            Map.of(
                    "number",
                    Checks.wholeNumber(0, NodeNumber.MAX),
                    "name",
                    NAME,
                    "address",
                    ADDRESS,
                    "port",
                    Checks.wholeNumber(1, PORT_MAX - 1),
                    "mark",
                    MARK,
                    "weight",
                    Checks.wholeNumber(0, 255)),
            Set.of("number", "name", "address"));
    private static final Group REGION = new Group(
            Map.of(
                    "device",
                    PATH,
                    "name",
                    REGION_NAME,
                    "start-block",
                    Checks.wholeNumber(1, Long.MAX_VALUE >> 12),
                    "slots",
                    Checks.wholeNumber(1, NodeNumber.MAX + 1)),
            Set.of("device"));
    private static final Group GUARD =
            new Group(Map.of("lockspace", GLOB, "region", REGION_NAME), Set.of("lockspace", "region"));

    private static final Group DLM = new Group(
            Map.of(
                    "nodeid-offset", Checks.wholeNumber(0, 1),
                    "port", PORT,
                    "protocol", Checks.refusing("sctp", "sctp is not supported; use tcp", Checks.word("tcp")),
                    "log-debug", Checks.flag(),
                    "nodir", Checks.listOf(GLOB),
                    "mark", MARK),
            Set.of());
    private static final Group WAKE_UPS =
            new Group(Map.of("enabled", Checks.flag(), "port", PORT, "bind", BIND), Set.of());
    private static final Group PATHS =
            new Group(Map.of("runtime", PATH, "state", PATH, "control-socket", SOCKET), Set.of());
    private static final Group O2CB = new Group(Map.of("setup", Checks.flag(), "cluster-conf", PATH), Set.of());

    /** All settings. */
    static final Group ROOT = new Group(
            Map.ofEntries(
                    Map.entry("cluster-name", NAME),
                    Map.entry("node-name", NAME),
                    Map.entry("nodes", Checks.listOf(NODE)),
                    Map.entry(
                            "heartbeat",
                            Checks.refusing(
                                    "agent",
                                    "the agent's own heartbeat has no watchdog yet, so its silence proves nothing;"
                                            + " use kernel",
                                    Checks.word("kernel"))),
                    Map.entry("heartbeat-period", Checks.duration(Duration.ofMillis(10), Settings.KERNEL_PERIOD)),
                    Map.entry("dead-threshold", Checks.wholeNumber(3, 3600)),
                    Map.entry("death-margin", Checks.durationOr(AUTO, Duration.ZERO, Duration.ofMinutes(10))),
                    Map.entry("regions", Checks.listOf(REGION, 32)), // as many as are followed
                    Map.entry("guards", Checks.listOf(GUARD)),
                    Map.entry("dlm", DLM),
                    Map.entry("fence", Checks.word("self", "command", "manual")),
                    Map.entry("fence-command", Checks.listOf(ARGUMENT)),
                    Map.entry("fence-command-timeout", Checks.duration(Duration.ofSeconds(1), Duration.ofMinutes(10))),
                    Map.entry("agent-dead-after", Checks.durationOr(NEVER, Duration.ofSeconds(30), Duration.ofDays(1))),
                    Map.entry("probe-links", Checks.flag()),
                    Map.entry(
                            "split-verdict-after",
                            Checks.durationOr(NEVER, Duration.ofSeconds(10), Duration.ofDays(1))),
                    Map.entry("wake-ups", WAKE_UPS),
                    Map.entry("paths", PATHS),
                    Map.entry("o2cb", O2CB)),
            Set.of());

    private Schema() {}

    /** {@return whether a cluster or a node can be named so, wherever the name was written} */
    static boolean isName(String text) {
        return NAME_PATTERN.matcher(text).matches();
    }

    private static Predicate<String> matches(String regex) {
        return Pattern.compile(regex).asMatchPredicate();
    }

    private static boolean hasControl(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }
}
