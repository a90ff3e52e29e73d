// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/** Rules every module obeys; each module's own architecture test calls {@link #check} and adds its own. */
public final class HouseRules {
    private static final List<String> EMPTY_WORDS = List.of("Manager", "Util", "Utils", "Helper", "Impl");

    private static final ArchRule NO_EMPTY_WORDS = classes()
            .should(new ArchCondition<JavaClass>("have a name that says what they are") {
                @Override
                public void check(JavaClass item, ConditionEvents events) {
                    boolean empty = EMPTY_WORDS.stream().anyMatch(item.getSimpleName()::endsWith);
                    events.add(new SimpleConditionEvent(
                            item, !empty, item.getName() + " ends with one of " + EMPTY_WORDS + ": name its job"));
                }
            })
            .allowEmptyShould(true);

    private static final ArchRule NULL_MARKED = classes()
            .should(new ArchCondition<JavaClass>("be in a package whose package-info is @NullMarked") {
                @Override
                public void check(JavaClass item, ConditionEvents events) {
                    JavaPackage home = item.getPackage();
                    events.add(new SimpleConditionEvent(
                            item,
                            home.isAnnotatedWith(NullMarked.class),
                            home.getName() + " lacks a package-info.java annotated @NullMarked"));
                }
            })
            .allowEmptyShould(true);

    private HouseRules() {}

    /**
     * Imports the main classes of the module whose tests are running, and nothing else.
     *
     * @return the classes, with the test's working directory taken for the module's
     */
    public static JavaClasses mainClasses() {
        return new ClassFileImporter().importPath(Path.of("target", "classes"));
    }

    /**
     * Checks names and null-marking.
     *
     * @param main the main classes of one module
     */
    public static void check(JavaClasses main) {
        NO_EMPTY_WORDS.check(main);
        NULL_MARKED.check(main);
    }
}
