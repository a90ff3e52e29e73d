// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.runtime;

import dev.lockstep.domain.BootId;
import dev.lockstep.kernel.Memory;
import dev.lockstep.port.MemoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory in two files: {@code memory} in the runtime directory, which is to vanish with the boot (and names its
 * boot in case it does not), and {@code lasting} in the state directory. Neither is synced. Any thread; a save
 * of one never waits for a save of the other, nor a load for either.
 */
public final class FileMemoryStore implements MemoryStore {
    private static final Logger LOG = LoggerFactory.getLogger(FileMemoryStore.class);
    private static final String MEMORY = "lockstep-memory 3";
    private static final String LASTING = "lockstep-lasting 1";

    private final Path memoryFile;
    private final Path lastingFile;
    private final BootId boot;

    private String writtenMemory = "";
    private Memory.Lasting writtenLasting = Memory.Lasting.NONE;

    /**
     * @param runtimeDirectory made by the first save if it is not there
     * @param stateDirectory made by the first save if it is not there
     * @param boot this boot
     */
    public FileMemoryStore(Path runtimeDirectory, Path stateDirectory, BootId boot) {
        this.memoryFile = runtimeDirectory.resolve("memory");
        this.lastingFile = stateDirectory.resolve("lasting");
        this.boot = boot;
    }

    @Override
    public Memory load() {
        Memory.Lasting lasting = parsed(lastingFile, LASTING, text -> Optional.of(LastingText.read(text)))
                .orElse(Memory.Lasting.NONE);
        return read().map(memory -> memory.with(memory.lasting().and(lasting))).orElseGet(() -> Memory.of(lasting));
    }

    /** {@return what the last save left; blank in another boot: waits for no disk} */
    public Memory ofThisBoot() {
        return read().orElseGet(Memory::blank);
    }

    private Optional<Memory> read() {
        return parsed(memoryFile, MEMORY, text -> MemoryText.read(text, boot));
    }

    private interface Parser<T> {
        Optional<T> parse(String text);
    }

    private static <T> Optional<T> parsed(Path file, String header, Parser<T> parser) {
        try {
            return parser.parse(new SealedText(file, header).read());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
            LOG.warn("{} is of no use and reads as empty: {}", file, e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public void save(Memory memory) throws IOException {
        synchronized (memoryFile) {
            String text = MemoryText.write(memory, boot);
            if (!text.equals(writtenMemory)) {
                write(memoryFile, MEMORY, text);
                writtenMemory = text;
            }
        }
    }

    @Override
    public void saveLasting(Memory.Lasting lasting) throws IOException {
        synchronized (lastingFile) {
            if (!lasting.equals(writtenLasting)) {
                write(lastingFile, LASTING, LastingText.write(lasting));
                writtenLasting = lasting;
            }
        }
    }

    private static void write(Path file, String header, String text) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        new SealedText(file, header).write(text);
    }
}
