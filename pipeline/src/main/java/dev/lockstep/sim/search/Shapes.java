// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Numbers for fingerprints, and per thing what it is under each renaming. */
final class Shapes {
    private final Map<Fingerprint, Integer> numbers = new HashMap<>();
    private final List<int[]> shapes = new ArrayList<>();

    int of(Fingerprint fingerprint) {
        return numbers.computeIfAbsent(fingerprint, f -> numbers.size());
    }

    void add(int[] perRenaming) {
        shapes.add(perRenaming);
    }

    int get(int thing, int renaming) {
        return shapes.get(thing)[renaming];
    }
}
