// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import dev.lockstep.domain.RegionId;
import dev.lockstep.region.RegionLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A kernel that only has a list of regions, and must not be touched. */
final class ListedHeartbeats implements KernelHeartbeat {
    final SortedMap<RegionId, Found> running = new TreeMap<>();

    /** Why the list cannot be read. */
    Optional<String> unlisted = Optional.empty();

    /** What would be registered. */
    Optional<String> registration = Optional.empty();

    @Override
    public void check() {}

    @Override
    public Optional<String> registration() {
        return registration;
    }

    @Override
    public void register() {
        throw new AssertionError("touched");
    }

    @Override
    public boolean start(RegionLayout region, Path device) {
        throw new AssertionError("touched");
    }

    @Override
    public void stop(RegionId region) {
        throw new AssertionError("touched");
    }

    @Override
    public SortedMap<RegionId, Found> regions() throws IOException {
        if (unlisted.isPresent()) {
            throw new IOException(unlisted.get());
        }
        return running;
    }
}
