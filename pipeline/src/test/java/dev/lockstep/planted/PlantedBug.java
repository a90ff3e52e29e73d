// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.planted;

import java.util.ArrayList;
import java.util.List;

/**
 * A rule replaced in a copy of its source.
 *
 * @param name what is wrong with it
 * @param edits what is replaced by what
 * @param storm the seed of a storm that finds it
 */
record PlantedBug(String name, List<Edit> edits, long storm) {

    /**
     * One replacement.
     *
     * @param source the class below dev.lockstep
     */
    record Edit(String source, String find, String replace) {}

    static PlantedBug of(long storm, String name, String source, String... findsAndReplaces) {
        List<Edit> edits = new ArrayList<>();
        for (int i = 0; i < findsAndReplaces.length; i += 2) {
            edits.add(new Edit(source, findsAndReplaces[i], findsAndReplaces[i + 1]));
        }
        return new PlantedBug(name, edits, storm);
    }

    /** {@return the same with a second rule replaced, which would catch what the first lets through} */
    PlantedBug and(String source, String find, String replace) {
        List<Edit> all = new ArrayList<>(edits);
        all.add(new Edit(source, find, replace));
        return new PlantedBug(name, all, storm);
    }

    @Override
    public String toString() {
        return name;
    }
}
