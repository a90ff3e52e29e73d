// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an administrator gets wrong about regions and guards, with the exact line that says so. */
final class BadRegionsTest {
    @TempDir
    private Path temp;

    /** Problems of a file whose lines 1 to 3 are good nodes and whose line 4 is {@code line}. */
    private List<String> problemsWith(String line) {
        return new ConfigFolder(temp)
                .file("lockstep.conf", ConfigFolder.NODES + line)
                .problems();
    }

    @Test
    void refusesMoreRegionsThanAreFollowed() {
        String regions = IntStream.rangeClosed(1, 33)
                .mapToObj(n -> "{ device = /dev/mapper/r" + n + " }")
                .collect(Collectors.joining(", ", "regions = [", "]"));
        assertThat(problemsWith(regions))
                .containsExactly("lockstep.conf:4: regions: has 33 elements, at most 32 are taken");
    }

    @Test
    void refusesAGuardThatNamesAnUnknownRegion() {
        assertThat(problemsWith("""
                        regions = [ { device = /dev/sdb1, name = LOCKS } ]
                        guards = [
                          { lockspace = "lvm_*", region = LOKCS }
                        ]
                        """))
                .containsExactly(
                        "lockstep.conf:6: guard of lvm_* names the unknown region LOKCS;" + " did you mean LOCKS?");
    }

    /** It may be a region that the kernel runs already, or one in a volume. */
    @Test
    void doesNotKnowThatAGuardNamedByAUuidIsUnknown() throws InvalidSettings {
        assertThat(guardBeside("ad272840423641f0a2a7774d00cb48c6", "o2cb.setup = true"))
                .isEqualTo("ad272840423641f0a2a7774d00cb48c6");
    }

    @Test
    void doesNotKnowWhichRegionsOthersSetUp() throws InvalidSettings {
        assertThat(guardBeside("theirs", "o2cb.setup = false")).isEqualTo("theirs");
    }

    @Test
    void doesNotTakeAGuardForAnotherOneThatIsWrittenInTheOtherCase() {
        assertThatThrownBy(() -> guardBeside("locks", "o2cb.setup = true"))
                .hasMessageContaining("names the unknown region locks");
    }

    /** What the settings make of a guard that names {@code region}, where the only region listed is named LOCKS. */
    private String guardBeside(String region, String line) throws InvalidSettings {
        String regions = """
                regions = [ { device = /dev/sdb1, name = LOCKS } ]
                guards = [ { lockspace = "lvm_*", region = %s } ]
                """.formatted(region);
        return new ConfigFolder(temp)
                .file("lockstep.conf", ConfigFolder.NODES + regions + line)
                .settings()
                .guards()
                .get(0)
                .region();
    }

    @Test
    void refusesAGuardThatCanNeverApply() {
        assertThat(problemsWith("""
                        guards = [
                          { lockspace = "lvm_*", region = A }
                          { lockspace = "lvm_*", region = B }
                        ]
                        """))
                .containsExactly(
                        "lockstep.conf:6: guard of lvm_* can never apply:" + " an earlier rule has the same pattern");
    }

    @Test
    void refusesARegionWithoutASlotForANode() throws InvalidSettings {
        assertThat(problemsWith("regions = [\n { device = /dev/sdb1,\n slots = 1 } ]"))
                .containsExactly("lockstep.conf:6: region /dev/sdb1 has slots for nodes 0 to 0, and none for"
                        + " alpha (1), beta (2)");
        assertThat(problemsWith("regions = [ { device = /dev/sdb1, slots = 2 } ]"))
                .containsExactly("lockstep.conf:4: region /dev/sdb1 has slots for nodes 0 to 1, and none for beta (2)");
        assertThat(new ConfigFolder(temp)
                        .file("lockstep.conf", ConfigFolder.NODES + "regions = [ { device = /dev/sdb1, slots = 3 } ]")
                        .settings()
                        .regions())
                .hasSize(1);
    }

    @Test
    void refusesARegionNamedTwice() {
        assertThat(problemsWith("""
                        regions = [
                          { device = /dev/sdb1, name = A }
                          { device = /dev/sdb1, name = A }
                        ]
                        """))
                .containsExactly(
                        "lockstep.conf:6: region /dev/sdb1 is already named, line 5",
                        "lockstep.conf:6: region name A is used twice");
    }
}
