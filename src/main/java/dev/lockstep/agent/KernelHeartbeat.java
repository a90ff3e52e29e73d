// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import dev.lockstep.domain.RegionId;
import dev.lockstep.o2cb.SetUpOtherwise;
import dev.lockstep.region.RegionLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;

/** O2CB's heartbeat in the kernel, as the agent uses it. Calls block. */
interface KernelHeartbeat {

    /**
     * A region the kernel heartbeats in.
     *
     * @param device its device node
     * @param layout its place as configfs shows it, without a board
     */
    record Found(Path device, RegionLayout layout) {}

    /**
     * Looks whether what somebody else has set up is as configured. Changes nothing.
     *
     * @throws SetUpOtherwise if it is not
     * @throws IOException if it cannot be read
     */
    void check() throws IOException;

    /**
     * Registers the cluster and its nodes with the kernel, where that is not done yet.
     *
     * @throws IOException if the kernel refuses, or has other settings
     */
    void register() throws IOException;

    /**
     * {@return what {@link #register} would do now, one line; empty for nothing} Changes nothing.
     *
     * @throws IOException if it cannot be told
     */
    Optional<String> registration() throws IOException;

    /**
     * Starts the heartbeat in a region where it does not run yet; takes some ten seconds.
     *
     * @return whether this call started it; it may have been somebody else
     * @throws IOException if the kernel refuses
     */
    boolean start(RegionLayout region, Path device) throws IOException;

    /**
     * Stops the heartbeat in a region; the others see a clean leave.
     *
     * @throws IOException if the kernel refuses, since something else needs it
     */
    void stop(RegionId region) throws IOException;

    /**
     * {@return every region the kernel heartbeats in}
     *
     * @throws IOException if configfs cannot be read
     */
    SortedMap<RegionId, Found> regions() throws IOException;

    /**
     * {@return whether the kernel heartbeats in a region}
     *
     * @throws IOException if that cannot be told
     */
    default boolean beatsIn(RegionId region) throws IOException {
        try {
            return regions().containsKey(region);
        } catch (IOException e) {
            throw new IOException("it cannot be told whether this machine beats there: " + e.getMessage(), e);
        }
    }
}
