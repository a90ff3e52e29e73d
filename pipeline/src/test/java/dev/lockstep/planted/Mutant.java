// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.planted;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Lockstep with one bug in it: its own classes, loaded apart from the healthy ones. */
final class Mutant extends ClassLoader {
    private static final Path SOURCES = Path.of("src/main/java");
    private static final String OURS = "dev.lockstep.";

    private final Map<String, byte[]> changed;

    private Mutant(Map<String, byte[]> changed) {
        super(Mutant.class.getClassLoader());
        this.changed = changed;
    }

    /**
     * {@return Lockstep with the bug}
     *
     * @throws IllegalStateException if a text to replace is not in the source, or what comes of it does not compile
     */
    static Mutant with(PlantedBug bug) throws IOException {
        Map<String, String> sources = new TreeMap<>();
        for (PlantedBug.Edit edit : bug.edits()) {
            String name = OURS + edit.source();
            String source = sources.get(name);
            if (source == null) {
                source = Files.readString(SOURCES.resolve(name.replace('.', '/') + ".java"));
            }
            if (!source.contains(edit.find())) {
                throw new IllegalStateException(bug + ": " + name + " has changed; it does not contain " + edit.find());
            }
            sources.put(name, source.replace(edit.find(), edit.replace()));
        }
        return new Mutant(compile(sources));
    }

    private static Map<String, byte[]> compile(Map<String, String> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Map<String, ByteArrayOutputStream> outputs = new HashMap<>();
        StringWriter problems = new StringWriter();
        List<JavaFileObject> texts = new ArrayList<>();
        sources.forEach((name, source) -> texts.add(text(name, source)));
        try (JavaFileManager files =
                new ForwardingJavaFileManager<JavaFileManager>(compiler.getStandardFileManager(null, null, null)) {
                    @Override
                    public JavaFileObject getJavaFileForOutput(
                            Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
                        return new SimpleJavaFileObject(URI.create("mem:///" + className), kind) {
                            @Override
                            public OutputStream openOutputStream() {
                                return outputs.computeIfAbsent(className, c -> new ByteArrayOutputStream());
                            }
                        };
                    }
                }) {
            List<String> options = List.of("-proc:none", "-nowarn", "-cp", System.getProperty("java.class.path"));
            boolean compiled = compiler.getTask(problems, files, null, options, null, texts)
                    .call();
            if (!compiled) {
                throw new IllegalStateException(sources.keySet() + " with the bug does not compile: " + problems);
            }
        }
        Map<String, byte[]> classes = new HashMap<>();
        outputs.forEach((className, bytes) -> classes.put(className, bytes.toByteArray()));
        return classes;
    }

    private static JavaFileObject text(String name, String source) {
        URI uri = URI.create("string:///" + name.replace('.', '/') + ".java");
        return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] bytes = changed.get(name);
        if (bytes == null) {
            try (InputStream healthy = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (healthy == null) {
                    throw new ClassNotFoundException(name);
                }
                bytes = healthy.readAllBytes();
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
        return defineClass(name, bytes, 0, bytes.length);
    }
}
