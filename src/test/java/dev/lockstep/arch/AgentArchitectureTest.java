// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.lockstep.domain.NodeNumber;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class AgentArchitectureTest {
    private static final String BASE = "dev.lockstep.";

    /** May see every adapter, and wires them together. */
    private static final String WIRING = "agent";

    /** May see every adapter too: it asks the control socket and calls the region tools. */
    private static final String COMMAND_LINE = "cli";

    /** Wires simulated nodes to real region files. */
    private static final String DEMO = "demo";

    /** Packages of this module that any other may use. Every package that is not named here is an adapter. */
    private static final Set<String> SHARED = Set.of(WIRING, COMMAND_LINE, "config", "exit", "kernelfs", "nativeio");

    private final JavaClasses main = HouseRules.mainClasses();

    @Test
    void obeysTheHouseRules() {
        HouseRules.check(main);
    }

    @Test
    void onlyNativeioKnowsJna() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.lockstep.nativeio..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.sun.jna..")
                .allowEmptyShould(true)
                .check(main);
    }

    @Test
    void nativeioKeepsJnaTypesToItself() {
        methods()
                .that()
                .arePublic()
                .and()
                .areDeclaredInClassesThat(DescribedPredicate.describe(
                        "are visible outside nativeio",
                        (JavaClass c) -> c.getModifiers().contains(JavaModifier.PUBLIC)
                                && c.getPackageName().startsWith(BASE + "nativeio")))
                .should(new ArchCondition<JavaMethod>("have no JNA type in their signature") {
                    @Override
                    public void check(JavaMethod method, ConditionEvents events) {
                        List<String> shown = Stream.concat(
                                        Stream.of(method.getRawReturnType()),
                                        Stream.concat(
                                                method.getRawParameterTypes().stream(),
                                                method.getExceptionTypes().stream()))
                                .map(JavaClass::getBaseComponentType)
                                .map(JavaClass::getName)
                                .filter(name -> name.startsWith("com.sun.jna."))
                                .toList();
                        events.add(new SimpleConditionEvent(
                                method, shown.isEmpty(), method.getFullName() + " shows " + shown));
                    }
                })
                .allowEmptyShould(true)
                .check(main);
    }

    @Test
    void onlyTheWiringKnowsAdapters() {
        classes()
                .should(new ArchCondition<JavaClass>("leave the adapters of other packages to the wiring") {
                    @Override
                    public void check(JavaClass item, ConditionEvents events) {
                        String home = concept(item);
                        if (Set.of(WIRING, COMMAND_LINE, DEMO).contains(home)) {
                            return;
                        }
                        item.getDirectDependenciesFromSelf().stream()
                                .map(Dependency::getTargetClass)
                                .map(JavaClass::getBaseComponentType)
                                .filter(target -> main.contain(target.getName()))
                                .filter(target -> !concept(target).equals(home) && !SHARED.contains(concept(target)))
                                .distinct()
                                .forEach(target -> events.add(SimpleConditionEvent.violated(
                                        item, item.getName() + " uses the adapter " + target.getName())));
                    }
                })
                .allowEmptyShould(true)
                .check(main);
    }

    @Test
    void nothingDependsOnTheCommandLine() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.lockstep.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.lockstep.cli..")
                .allowEmptyShould(true)
                .check(main);
    }

    /** Whoever does makes a bug look like a device that fails. */
    @Test
    void nothingCatchesEveryExceptionThereIs() {
        assertThat(main.stream()
                        .flatMap(type -> type.getCodeUnits().stream())
                        .filter(unit -> unit.getTryCatchBlocks().stream()
                                .flatMap(block -> block.getCaughtThrowables().stream())
                                .anyMatch(caught -> caught.isEquivalentTo(Exception.class)))
                        .map(JavaCodeUnit::getFullName))
                .isEmpty();
    }

    @Test
    void sharesNoPackageWithThePipeline() {
        JavaClasses pipeline = new ClassFileImporter()
                .importUrl(
                        NodeNumber.class.getProtectionDomain().getCodeSource().getLocation());

        assertThat(packages(main)).isNotEmpty().doesNotContainAnyElementsOf(packages(pipeline));
    }

    private static Set<String> packages(JavaClasses imported) {
        return imported.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
    }

    /** The first name below the base package: {@code dev.lockstep.http.page.Page} belongs to {@code http}. */
    private static String concept(JavaClass type) {
        String below = type.getPackageName().substring(BASE.length());
        int dot = below.indexOf('.');
        return dot < 0 ? below : below.substring(0, dot);
    }
}
