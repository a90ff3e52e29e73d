// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.lockstep.arch.HouseRules;
import org.junit.jupiter.api.Test;

final class BenchArchitectureTest {
    private final JavaClasses main = HouseRules.mainClasses();

    @Test
    void obeysTheHouseRules() {
        HouseRules.check(main);
    }

    @Test
    void leavesNativeCodeToTheAgent() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.sun.jna..")
                .allowEmptyShould(true)
                .check(main);
    }
}
