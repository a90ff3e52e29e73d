// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.demo;

import dev.lockstep.domain.RegionId;
import dev.lockstep.nativeio.DirectFile.Access;
import dev.lockstep.nativeio.DirectFile.Caching;
import dev.lockstep.port.RegionDevice;
import dev.lockstep.region.DirectRegionDevice;
import dev.lockstep.region.RegionFormat;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A region file of the demo, formatted as {@code lockstep region format} does it.
 *
 * @param label what a person calls it
 * @param id its name, 32 hex digits
 * @param file where it is
 * @param caching DIRECT; BUFFERED where the folder's file system has no O_DIRECT, which one machine can afford
 */
record DemoRegion(String label, RegionId id, Path file, Caching caching) {

    static DemoRegion make(Path folder, String label, String hexName) throws IOException {
        Path file = folder.resolve(label + ".img");
        file.toFile().deleteOnExit();
        StringWriter refusals = new StringWriter();
        for (Caching caching : new Caching[] {Caching.DIRECT, Caching.BUFFERED}) {
            PrintWriter messages = new PrintWriter(refusals, true);
            PrintWriter ignored = new PrintWriter(new StringWriter());
            RegionFormat.Request request = new RegionFormat.Request(file, Optional.of(hexName), 0, caching);
            if (RegionFormat.run(ignored, messages, request) == 0) {
                return new DemoRegion(label, new RegionId(hexName), file, caching);
            }
        }
        throw new IOException(file + " cannot be made a region: " + refusals);
    }

    RegionDevice open() throws IOException {
        return DirectRegionDevice.open(file, Access.READ_WRITE, caching);
    }
}
