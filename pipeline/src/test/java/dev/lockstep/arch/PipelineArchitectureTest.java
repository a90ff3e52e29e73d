// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.time.Clock;
import org.junit.jupiter.api.Test;

final class PipelineArchitectureTest {
    private final JavaClasses main = HouseRules.mainClasses();

    @Test
    void obeysTheHouseRules() {
        HouseRules.check(main);
    }

    @Test
    void touchesNoNativeCodeNoNetworkAndNoFile() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "com.sun.jna..", "jnr..", "io.netty..", "reactor.netty..", "java.net..", "java.nio.file..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.io\\.(File.*|RandomAccessFile)|java\\.nio\\.channels\\..*FileChannel")
                .allowEmptyShould(true)
                .check(main);
    }

    @Test
    void decidesWithoutStreamsLogsOrClocks() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.lockstep.core..", "dev.lockstep.domain..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("reactor..", "org.reactivestreams..", "org.slf4j..")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .allowEmptyShould(true)
                .check(main);
    }
}
