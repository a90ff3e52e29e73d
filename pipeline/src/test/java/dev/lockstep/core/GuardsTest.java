// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.RegionId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuardsTest {

    private static final RegionId A = new RegionId("0A1B");
    private static final RegionId B = new RegionId("B");

    /** A node that does not see the region of that name has only the rule. */
    @Test
    void aRuleGoesBeforeTheRegionOfTheSameName() {
        Guards guards = rules("*", B);
        assertThat(guards.guardOf(new LockspaceName("0A1B"), List.of(A, B), List.of(A, B)))
                .contains(B);
        assertThat(guards.guardOf(new LockspaceName("0A1B"), List.of(B), List.of(B)))
                .contains(B);
    }

    @Test
    void theRegionOfTheSameNameGuardsWhatNoRuleNames() {
        Guards two = new Guards(List.of(new Guards.Rule("lvm_*", B)), 2);
        assertThat(two.guardOf(new LockspaceName("0A1B"), List.of(A, B), List.of(A, B)))
                .contains(A);
    }

    @Test
    void aVolumesUuidIsTheSameNameInEitherCase() {
        RegionId volume = new RegionId("AD272840423641F0A2A7774D00CB48C6");
        LockspaceName written = new LockspaceName("ad272840423641f0a2a7774d00cb48c6");
        assertThat(Guards.NONE.guardOf(written, List.of(volume, B), List.of(B))).contains(volume);
    }

    @Test
    void anyOtherNameIsTheSameOnlyInTheSameCase() {
        Guards two = new Guards(List.of(), 2);
        assertThat(two.guardOf(new LockspaceName("0a1b"), List.of(A, B), List.of(A, B)))
                .isEmpty();
    }

    /** A node that does not beat in it takes the only region of the settings. */
    @Test
    void aRegionOfTheSameNameThatIsOnlyFoundDoesNotGoBeforeTheOnlyOneOfTheSettings() {
        assertThat(Guards.NONE.guardOf(new LockspaceName("0A1B"), List.of(A, B), List.of(B)))
                .contains(B);
        assertThat(Guards.NONE.guardOf(new LockspaceName("0A1B"), List.of(B), List.of(B)))
                .contains(B);
        assertThat(Guards.NONE.guardOf(new LockspaceName("0A1B"), List.of(A), List.of()))
                .isEmpty();
    }

    /** There the next node takes nothing, and is refused. */
    @Test
    void aRegionOfTheSameNameThatIsOnlyFoundGuardsWhereTheSettingsHaveNoOnlyRegion() {
        assertThat(new Guards(List.of(), Guards.FOUND_ONLY).guardOf(new LockspaceName("0A1B"), List.of(A), List.of()))
                .contains(A);
    }

    @Test
    void ofSeveralRulesTheFirstThatMatchesWins() {
        Guards guards = new Guards(
                List.of(new Guards.Rule("lvm_x", B), new Guards.Rule("lvm_*", A), new Guards.Rule("lvm_global", B)), 1);
        assertThat(guards.guardOf(new LockspaceName("lvm_global"), List.of(A, B), List.of(A, B)))
                .contains(A);
        assertThat(guards.guardOf(new LockspaceName("lvm_x"), List.of(A, B), List.of(A, B)))
                .contains(B);
    }

    @Test
    void aRuleNamesAVolumesRegionInEitherCase() {
        RegionId volume = new RegionId("AD272840423641F0A2A7774D00CB48C6");
        RegionId written = new RegionId("ad272840423641f0a2a7774d00cb48c6");
        assertThat(rules("*", written).guardOf(new LockspaceName("foo"), List.of(B, volume), List.of(B, volume)))
                .contains(volume);
        assertThat(rules("*", written)
                        .guardOf(new LockspaceName("foo"), List.of(volume, written), List.of(volume, written)))
                .contains(written);
    }

    @Test
    void twoRegionsMayDifferInCaseOnlySoNoNodeTakesOneForTheOther() {
        assertThat(rules("*", new RegionId("b")).guardOf(new LockspaceName("foo"), List.of(A, B), List.of(A, B)))
                .contains(new RegionId("b"));
    }

    @Test
    void aRuleHoldsAlthoughItsRegionIsNotThere() {
        assertThat(rules("*", B).guardOf(new LockspaceName("foo"), List.of(A), List.of(A)))
                .contains(B);
    }

    @Test
    void theOnlyRegionGuardsWhatNoRuleNames() {
        assertThat(rules("lvm_*", A).guardOf(new LockspaceName("foo"), List.of(B), List.of(B)))
                .contains(B);
    }

    @Test
    void theOnlyRegionDoesNotGuardWhatIsNamedByAVolumeUnlessARuleSaysSo() {
        LockspaceName volume = new LockspaceName("AD272840423641F0A2A7774D00CB48C6");

        assertThat(Guards.NONE.guardOf(volume, List.of(B), List.of(B))).isEmpty();
        assertThat(rules("*", B).guardOf(volume, List.of(B), List.of(B))).contains(B);
    }

    @Test
    void withSeveralRegionsOrNoneNothingGuardsWhatNoRuleNames() {
        assertThat(Guards.NONE.guardOf(new LockspaceName("foo"), List.of(A, B), List.of(A, B)))
                .isEmpty();
        assertThat(Guards.NONE.guardOf(new LockspaceName("foo"), List.of(), List.of()))
                .isEmpty();
    }

    /** One node may lack the first disk and another the second: each sees one region, and not the same. */
    @Test
    void theOnlyOneThatIsSeenOfTwoInTheSettingsGuardsNothing() {
        Guards two = new Guards(List.of(), 2);
        assertThat(two.guardOf(new LockspaceName("foo"), List.of(A), List.of(A)))
                .isEmpty();
    }

    /** In which volumes a node beats is its own affair: the next node beats in others. */
    @Test
    void whatTheKernelIsFoundToBeatInGuardsNothingUnlessARuleSaysSo() {
        assertThat(new Guards(List.of(), Guards.FOUND_ONLY).guardOf(new LockspaceName("foo"), List.of(B), List.of()))
                .isEmpty();
        assertThat(Guards.NONE.guardOf(new LockspaceName("foo"), List.of(A, B), List.of(A)))
                .contains(A);
        assertThat(rules("*", B).guardOf(new LockspaceName("foo"), List.of(B), List.of()))
                .contains(B);
    }

    @ParameterizedTest
    @CsvSource({
        "foo, foo, true",
        "foo, fo, false",
        "foo, fooo, false",
        "f?o, fxo, true",
        "f?o, fo, false",
        "*, anything, true",
        "lvm_*, lvm_, true",
        "lvm_*, lv, false",
        "*_lock, a_lock_lock, true",
        "*a*b*c, xaybzbc, true",
        "*a*b*c, xaybzb, false",
        "a.c, abc, false",
        "[a], a, false",
        "Foo, foo, false",
        "**, x, true"
    })
    void aGlobKnowsStarsAndQuestionMarksOnly(String glob, String name, boolean matches) {
        assertThat(rules(glob, B)
                        .guardOf(new LockspaceName(name), List.of(A, new RegionId("C")), List.of(A, new RegionId("C")))
                        .isPresent())
                .isEqualTo(matches);
    }

    private static Guards rules(String glob, RegionId region) {
        return new Guards(List.of(new Guards.Rule(glob, region)), 1);
    }
}
