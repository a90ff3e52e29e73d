// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.runtime;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Epoch;
import dev.lockstep.kernel.Memory;
import dev.lockstep.port.MemoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory in two files: {@code memory} in the runtime directory, which is to vanish with the boot (and names its
 * boot in case it does not), and {@code floor} in the state directory. Neither is synced. Any thread; one at a time.
 */
public final class FileMemoryStore implements MemoryStore {
    private static final Logger LOG = LoggerFactory.getLogger(FileMemoryStore.class);

    private final Path memoryFile;
    private final Path floorFile;
    private final BootId boot;

    private String written = "";
    private Epoch writtenFloor = Epoch.NONE;

    /**
     * @param runtimeDirectory made if it is not there
     * @param stateDirectory made if it is not there
     * @param boot this boot
     * @throws IOException if a directory cannot be made
     */
    public FileMemoryStore(Path runtimeDirectory, Path stateDirectory, BootId boot) throws IOException {
        Files.createDirectories(runtimeDirectory);
        Files.createDirectories(stateDirectory);
        this.memoryFile = runtimeDirectory.resolve("memory");
        this.floorFile = stateDirectory.resolve("floor");
        this.boot = boot;
    }

    @Override
    public synchronized Memory load() {
        Memory kept = parsed(memoryFile, "lockstep-memory 1", text -> MemoryText.read(text, boot))
                .orElseGet(Memory::blank);
        Epoch floor =
                parsed(floorFile, "lockstep-floor 1", FileMemoryStore::floor).orElse(Epoch.NONE);
        return new Memory(floor, kept.comms(), kept.lockspaces());
    }

    private static Optional<Epoch> floor(String text) {
        if (!text.matches("floor [0-9]{1,19}\n")) {
            throw new IllegalArgumentException("it names no floor");
        }
        return Optional.of(new Epoch(Long.parseLong(text.substring(6).strip())));
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
    public synchronized void save(Memory memory) throws IOException {
        if (memory.floor().isAfter(writtenFloor)) {
            new SealedText(floorFile, "lockstep-floor 1").write("floor " + memory.floor() + "\n");
            writtenFloor = memory.floor();
        }
        String text = MemoryText.write(memory, boot);
        if (!text.equals(written)) {
            new SealedText(memoryFile, "lockstep-memory 1").write(text);
            written = text;
        }
    }
}
