// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.flow;

import dev.lockstep.port.RegionDevice;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One thread's own opening of a region's device, made anew after a failure. Used by that thread only. */
final class RegionHandle {

    /** A call on the device. */
    @FunctionalInterface
    interface Call<T> {
        T on(RegionDevice device) throws IOException;
    }

    private final RegionChange.Opener opener;
    private @Nullable RegionDevice device;

    RegionHandle(RegionChange.Opener opener) {
        this.opener = opener;
    }

    /**
     * {@return what {@code call} gives on the open device}
     *
     * @throws IOException if opening or the call failed; the next call opens anew
     */
    <T> T call(Call<T> call) throws IOException {
        RegionDevice open = device;
        try {
            if (open == null) {
                open = opener.open();
                device = open;
            }
            return call.on(open);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    void close() {
        RegionDevice open = device;
        device = null;
        if (open != null) {
            open.close();
        }
    }
}
