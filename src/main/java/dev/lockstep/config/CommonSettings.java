// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import dev.lockstep.board.SettingsDigest;
import dev.lockstep.board.SettingsDigest.Setting;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/** The settings that must be equal on all nodes, each as one text that is equal if and only if they are. */
public final class CommonSettings {
    private CommonSettings() {}

    /** {@return one hash per {@link Setting}: CRC-32 of its canonical text in UTF-8} */
    public static SettingsDigest digest(Settings settings) {
        return new SettingsDigest(Arrays.stream(Setting.values())
                .map(setting -> hash(canonical(settings, setting)))
                .toList());
    }

    /** {@return the text that stands for one setting; the order of the file does not count, that of rules does} */
    public static String canonical(Settings settings, Setting setting) {
        return switch (setting) {
            case CLUSTER_NAME -> settings.clusterName();
            case NODES ->
                nodes(
                        settings,
                        node -> node.name().toLowerCase(Locale.ROOT) + " "
                                + node.address().getHostAddress() + " " + node.port());
            case NODEID_OFFSET -> Integer.toString(settings.dlm().nodeidOffset());
            case DEAD_THRESHOLD ->
                settings.deadThreshold() + " x " + settings.heartbeatPeriod().toNanos() + " ns";
            case TRANSPORT -> "tcp " + settings.dlm().port();
            case MARKS -> settings.dlm().mark() + "\n" + nodes(settings, node -> Long.toString(node.mark()));
            case DIRECTORY ->
                settings.dlm().nodir().stream().sorted().collect(Collectors.joining("\n")) + "\n\n"
                        + nodes(settings, node -> Integer.toString(node.weight()));
            case GUARDS ->
                settings.guards().stream()
                        .map(guard -> guard.lockspace() + " " + canonical(guard.region()))
                        .collect(Collectors.joining("\n"));
        };
    }

    private static String canonical(String region) {
        return RegionConsistency.UUID.matcher(region).matches() ? region.toUpperCase(Locale.ROOT) : region;
    }

    private static String nodes(Settings settings, Function<Node, String> what) {
        return settings.nodes().stream()
                .map(node -> node.number() + " " + what.apply(node))
                .collect(Collectors.joining("\n"));
    }

    private static int hash(String canonical) {
        CRC32 crc = new CRC32();
        crc.update(canonical.getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }
}
