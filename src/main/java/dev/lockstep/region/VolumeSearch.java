// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

import dev.lockstep.domain.RegionId;
import dev.lockstep.nativeio.DirectFile.Caching;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the block device that carries an OCFS2 volume, by its UUID, as ocfs2_hb_ctl does: every block device is looked
 * at. A device that others are built on (a path of a multipath device, a disk of a RAID) is left out, the one on top
 * carries the volume, too. Calls wait for a device that hangs as long as the probes do; any thread.
 */
public final class VolumeSearch {
    private final Path sysBlock;
    private final Path dev;
    private final Caching caching;
    private final DeviceProbes probes;
    private final Lister lister;

    /** Lists a directory. */
    interface Lister {
        /**
         * Lists.
         *
         * @throws IOException if it cannot be listed, or goes away meanwhile
         */
        List<Path> list(Path directory) throws IOException;
    }

    /**
     * A volume found.
     *
     * @param device where it is
     * @param layout its region, with a board
     */
    public record Found(Path device, RegionLayout layout) {}

    /**
     * @param sysBlock /sys/class/block
     * @param dev /dev
     * @param caching how devices are read, DIRECT
     * @param probes looks at them
     */
    public VolumeSearch(Path sysBlock, Path dev, Caching caching, DeviceProbes probes) {
        this(sysBlock, dev, caching, probes, VolumeSearch::entries);
    }

    VolumeSearch(Path sysBlock, Path dev, Caching caching, DeviceProbes probes, Lister lister) {
        this.probes = probes;
        this.lister = lister;
        this.sysBlock = sysBlock;
        this.dev = dev;
        this.caching = caching;
    }

    /**
     * Searches.
     *
     * @param uuid the volume's UUID, as its region is named
     * @return the volume
     * @throws UnusableRegion if no device carries it, or two do, or it has no board; says which
     * @throws IOException if devices cannot be listed
     */
    public Found find(RegionId uuid) throws IOException {
        List<Found> found = new ArrayList<>();
        List<String> unread = new ArrayList<>();
        for (Path device : devices(unread)) {
            try {
                Optional<RegionLayout> layout = probes.look(device, d -> RegionProbe.probe(d, caching))
                        .filter(l -> l.kind() == RegionKind.OCFS2);
                layout.filter(l -> l.name().equals(uuid)).ifPresent(l -> found.add(new Found(device, l)));
            } catch (IOException e) {
                unread.add(String.valueOf(e.getMessage()));
            }
        }
        if (found.isEmpty()) {
            String beside = unread.isEmpty() ? "" : " (not searched: " + String.join("; ", unread) + ")";
            throw new UnusableRegion("no block device carries the OCFS2 volume " + uuid + beside);
        }
        if (found.size() > 1) {
            throw new UnusableRegion("the OCFS2 volume " + uuid + " is on more than one device: "
                    + found.stream().map(Found::device).toList());
        }
        Found only = found.get(0);
        if (only.layout().board().isEmpty()) {
            throw new UnusableRegion("the OCFS2 volume " + uuid + " has no board; prepare it once, from one node, with"
                    + " 'lockstep region format " + only.device() + "'");
        }
        return only;
    }

    private List<Path> devices(List<String> unread) throws IOException {
        List<Path> devices = new ArrayList<>();
        for (Path name : lister.list(sysBlock)) {
            try {
                // sysfs shows '!' for the '/' of names such as cciss/c0d0.
                Path device = dev.resolve(name.getFileName().toString().replace('!', '/'));
                if (!isBuiltOn(name) && Files.exists(device)) {
                    devices.add(device);
                }
            } catch (IOException e) {
                // It may have gone meanwhile; the others have not.
                unread.add(String.valueOf(e.getMessage()));
            }
        }
        devices.sort(null);
        return devices;
    }

    private boolean isBuiltOn(Path name) throws IOException {
        Path holders = name.resolve("holders");
        return Files.isDirectory(holders) && !lister.list(holders).isEmpty();
    }

    private static List<Path> entries(Path directory) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> names = Files.newDirectoryStream(directory)) {
            names.forEach(entries::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return entries;
    }
}
