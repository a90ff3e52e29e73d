// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

import dev.lockstep.exit.ExitCode;
import dev.lockstep.nativeio.NativeFailure;
import java.io.IOException;
import java.util.Set;

/** How the commands of this package end where the device that was named to them fails. */
final class RegionExit {
    private static final Set<String> WRONG_NAMES = Set.of("ENOENT", "ENOTDIR", "EISDIR");

    private RegionExit() {}

    /** {@return USAGE where the name is to blame: of nothing, or of what the command may or can not be used on} */
    static ExitCode of(IOException failure) {
        boolean misnamed = failure instanceof UnusableRegion
                || (failure instanceof NativeFailure call
                        && WRONG_NAMES.contains(call.errno().name()));
        return misnamed ? ExitCode.USAGE : ExitCode.of(failure);
    }
}
