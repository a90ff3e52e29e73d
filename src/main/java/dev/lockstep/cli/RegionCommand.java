// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.cli;

import dev.lockstep.nativeio.DirectFile.Caching;
import dev.lockstep.region.RegionDump;
import dev.lockstep.region.RegionFormat;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tools for regions on their devices; no agent is asked. */
@Command(
        name = "region",
        description = "Makes regions and shows what is on them.",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        subcommands = {RegionCommand.Format.class, RegionCommand.Dump.class})
final class RegionCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run()
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }

    private static Caching caching(boolean buffered) {
        return buffered ? Caching.BUFFERED : Caching.DIRECT;
    }

    /** Makes a region, or a board in an OCFS2 volume's heartbeat file. */
    @Command(
            name = "format",
            description = "Makes a region on a device or file, or a board in an OCFS2 volume's heartbeat file."
                    + " Once, from one node. A file that is missing is made, but never in /dev.",
            mixinStandardHelpOptions = true,
            versionProvider = BuildVersion.class)
    static final class Format implements Callable<Integer> {
        @Parameters(paramLabel = "DEVICE", description = "Block device, or a file.")
        @SuppressWarnings("NullAway.Init") // picocli sets it before call()
        private Path device;

        @Option(
                names = "--uuid",
                paramLabel = "HEX",
                description = "The region's name, 32 hex digits; default random, or the volume's own.")
        private @Nullable String uuid;

        @Option(names = "--force", description = "Make an unused region anew; said twice, overwrite whatever is there.")
        private boolean[] force = new boolean[0];

        @Option(names = "--buffered", description = "Write through the page cache, for trials on one machine.")
        private boolean buffered;

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it before call()
        private CommandSpec spec;

        @Override
        public Integer call() {
            return RegionFormat.run(
                    spec.commandLine().getOut(),
                    spec.commandLine().getErr(),
                    new RegionFormat.Request(device, Optional.ofNullable(uuid), force.length, caching(buffered)));
        }
    }

    /** Shows what is on a region. */
    @Command(
            name = "dump",
            description = "Shows slots and reports as they stand on disk. Reads only.",
            mixinStandardHelpOptions = true,
            versionProvider = BuildVersion.class)
    static final class Dump implements Callable<Integer> {
        private static final int ALL_SLOTS = 255;

        @Parameters(paramLabel = "DEVICE", description = "Block device, or a file.")
        @SuppressWarnings("NullAway.Init") // picocli sets it before call()
        private Path device;

        @Option(names = "--json", description = "For programs; versioned by the field 'schema'.")
        private boolean json;

        @Option(
                names = "--start-block",
                paramLabel = "N",
                description = "First slot, in sectors, where the device does not say so itself.")
        private @Nullable Long startBlock;

        @Option(names = "--buffered", description = "Read through the page cache, for trials on one machine.")
        private boolean buffered;

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it before call()
        private CommandSpec spec;

        @Override
        public Integer call() {
            Optional<RegionDump.Place> place =
                    Optional.ofNullable(startBlock).map(start -> new RegionDump.Place(start, ALL_SLOTS));
            return RegionDump.run(
                    spec.commandLine().getOut(),
                    spec.commandLine().getErr(),
                    new RegionDump.Request(device, place, json, caching(buffered)));
        }
    }
}
