// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OwnClassesTest {
    @TempDir
    private Path temp;

    static final class One {}

    static final class Other {}

    /** Tells what it has loaded. */
    private static final class Loader extends URLClassLoader {
        Loader(URL jar) {
            super(new URL[] {jar}, null);
        }

        boolean has(Class<?> type) {
            return findLoadedClass(type.getName()) != null;
        }
    }

    private Path jar(Class<?>... types) throws IOException {
        Path jar = temp.resolve("own.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Class<?> type : types) {
                String entry = type.getName().replace('.', '/') + ".class";
                out.putNextEntry(new JarEntry(entry));
                try (InputStream bytes =
                        Objects.requireNonNull(type.getClassLoader().getResourceAsStream(entry))) {
                    bytes.transferTo(out);
                }
            }
        }
        return jar;
    }

    @Test
    void allOfAJarIsLoadedByOneOfItsClassesButWhatNoAgentNeeds() throws Exception {
        Class<?> ofTheDemo = dev.lockstep.demo.Demo.class;
        try (Loader loader =
                new Loader(jar(One.class, Other.class, ofTheDemo).toUri().toURL())) {
            Class<?> one = loader.loadClass(One.class.getName());
            assertThat(loader.has(Other.class)).isFalse();

            assertThat(OwnClasses.load(List.of(one))).isEqualTo(2);

            assertThat(loader.has(Other.class)).isTrue();
            assertThat(loader.has(ofTheDemo)).isFalse();
        }
    }

    @Test
    void aClassThatCannotBeLoadedKeepsNoOtherFromIt() throws Exception {
        // Its superclass is in no jar that this loader knows.
        try (Loader loader = new Loader(
                jar(One.class, LacksItsSuperclass.class, Other.class).toUri().toURL())) {
            Class<?> one = loader.loadClass(One.class.getName());

            assertThat(OwnClasses.load(List.of(one))).isEqualTo(2);
            assertThat(loader.has(Other.class)).isTrue();
        }
    }

    static class Missing {}

    static final class LacksItsSuperclass extends Missing {}
}
