// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import dev.lockstep.domain.RegionId;
import dev.lockstep.region.RegionLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A heartbeat that somebody else starts and stops.
 *
 * @param kernel what is read
 */
record NoStart(KernelHeartbeat kernel) implements KernelHeartbeat {
    @Override
    public void check() throws IOException {
        kernel.check();
    }

    @Override
    public void register() throws IOException {
        throw new IOException("o2cb.setup is false");
    }

    @Override
    public Optional<String> registration() {
        return Optional.empty();
    }

    @Override
    public boolean start(RegionLayout region, Path device) throws IOException {
        throw new IOException(
                "o2cb.setup is false: start the heartbeat in region " + region.name() + " on " + device + " yourself");
    }

    @Override
    public void stop(RegionId region) throws IOException {
        throw new IOException("o2cb.setup is false");
    }

    @Override
    public SortedMap<RegionId, Found> regions() throws IOException {
        return kernel.regions();
    }
}
