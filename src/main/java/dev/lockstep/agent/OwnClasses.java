// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Duration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * Loads the agent's own classes, and those of Reactor that a failure needs, before they are: the first death may come
 * with the hang of the very disk that they are on. Classes of the libraries and of Java that only a failure needs may
 * still be missing.
 */
final class OwnClasses {
    private static final Logger LOG = LoggerFactory.getLogger(OwnClasses.class);

    /** No agent needs the simulators, the demo and the commands that ask it. */
    private static final Pattern NEEDED =
            Pattern.compile("dev/lockstep/(?!sim/|demo/|cli/).*(?<!package-info)\\.class");

    private OwnClasses() {}

    /** Loads them on a thread of its own. */
    static void loadBehind() {
        Regions.onThread("lockstep-classes", () -> {
            int loaded = load(List.of(OwnClasses.class, dev.lockstep.core.Core.class));
            rehearse();
            LOG.info("{} classes are loaded ahead", loaded);
        });
    }

    /** What the pipeline asks of Reactor only when something fails, ends or is fenced. */
    private static void rehearse() {
        Scheduler thread = Schedulers.newSingle("lockstep-rehearsal", true);
        Mono.defer(() -> Mono.<Integer>error(new IOException("a rehearsal")))
                .doFinally(end -> {})
                .retryWhen(Retry.backoff(1, Duration.ofMillis(1))
                        .maxBackoff(Duration.ofMillis(1))
                        .jitter(0)
                        .scheduler(thread)
                        .filter(IOException.class::isInstance)
                        .doBeforeRetry(signal -> LOG.debug("rehearsed {}", signal.totalRetries())))
                .onErrorResume(failure -> Mono.empty())
                .block();
        Flux.just(1).doFinally(end -> {}).blockLast();
        thread.disposeGracefully().block();
    }

    /** {@return how many were loaded from the jars that these classes are in; what is in no jar is left alone} */
    static int load(List<Class<?>> oneOfEachJar) {
        int loaded = 0;
        for (Class<?> one : oneOfEachJar) {
            CodeSource source = one.getProtectionDomain().getCodeSource();
            try {
                loaded += source == null ? 0 : load(source.getLocation(), one.getClassLoader());
            } catch (IOException | URISyntaxException e) {
                LOG.warn("classes cannot be loaded ahead from {}: {}", source, e.getMessage());
            }
        }
        return loaded;
    }

    private static int load(URL location, ClassLoader loader) throws IOException, URISyntaxException {
        Path jar = Path.of(location.toURI());
        if (!Files.isRegularFile(jar)) {
            return 0;
        }
        int loaded = 0;
        try (JarFile entries = new JarFile(jar.toFile())) {
            for (JarEntry entry : entries.stream().toList()) {
                if (NEEDED.matcher(entry.getName()).matches() && load(entry.getName(), loader)) {
                    loaded++;
                }
            }
        }
        return loaded;
    }

    private static boolean load(String entry, ClassLoader loader) {
        String name = entry.substring(0, entry.length() - ".class".length()).replace('/', '.');
        try {
            // To tell its methods it is linked: its verifier may want others. Nothing is initialized.
            Class<?> type = Class.forName(name, false, loader);
            LOG.trace("{} has {} methods", name, type.getDeclaredMethods().length);
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            LOG.debug("{} cannot be loaded ahead", name, e); // nor when it is needed, which says it louder
            return false;
        }
    }
}
