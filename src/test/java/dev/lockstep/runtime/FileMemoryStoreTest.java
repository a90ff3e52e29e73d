// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.JoinNumber;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.Member;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.View;
import dev.lockstep.kernel.Memory;
import dev.lockstep.uevent.Uevent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileMemoryStoreTest {
    private static final BootId BOOT = new BootId(-5, 7);

    @TempDir
    Path root;

    @Test
    void aNewStoreIsBlank() throws IOException {
        assertThat(store(BOOT).load()).isEqualTo(Memory.blank());
    }

    @Test
    void whatIsSavedIsLoaded() throws IOException {
        Memory memory = memory();
        store(BOOT).save(memory);

        assertThat(store(BOOT).load()).isEqualTo(memory);
    }

    @Test
    void aLaterSaveReplacesAnEarlier() throws IOException {
        FileMemoryStore store = store(BOOT);
        store.save(memory());
        Memory less = new Memory(new Epoch(100), new TreeMap<>(), new TreeMap<>());
        store.save(less);

        assertThat(store(BOOT).load()).isEqualTo(less);
        assertThat(root.resolve("run")).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void anotherBootKeepsTheFloorOnly() throws IOException {
        store(BOOT).save(memory());

        assertThat(store(new BootId(1, 1)).load())
                .isEqualTo(new Memory(new Epoch(99), new TreeMap<>(), new TreeMap<>()));
    }

    @Test
    void aVanishedRuntimeDirectoryKeepsTheFloor() throws IOException {
        store(BOOT).save(memory());
        Files.delete(root.resolve("run/memory"));

        assertThat(store(BOOT).load().floor()).isEqualTo(new Epoch(99));
        assertThat(store(BOOT).load().lockspaces()).isEmpty();
    }

    @Test
    void aWrittenFloorNeverFalls() throws IOException {
        FileMemoryStore store = store(BOOT);
        store.save(memory());
        store.save(Memory.blank());

        assertThat(store(BOOT).load().floor()).isEqualTo(new Epoch(99));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void damageNeverGoesUnseen(long seed) throws IOException {
        Random random = new Random(seed);
        store(BOOT).save(memory());
        Path file = root.resolve("run/memory");
        byte[] good = Files.readAllBytes(file);
        for (int run = 0; run < 300; run++) {
            byte[] bad = random.nextBoolean() ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
            if (bad.length == good.length) {
                bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(file, bad);
            assertThatThrownBy(() -> new SealedText(file, "lockstep-memory 1").read())
                    .as("seed %d run %d", seed, run)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(store(BOOT).load()).isEqualTo(new Memory(new Epoch(99), new TreeMap<>(), new TreeMap<>()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"view 1 x 0 1\n", "comm 1\n", "lockspace a -1 none\n", "lockspace a 1 maybe\n", "huh\n"})
    void aLineThatIsNotExactlySoIsRefused(String line) throws IOException {
        Files.createDirectories(root.resolve("run"));
        new SealedText(root.resolve("run/memory"), "lockstep-memory 1").write("boot " + BOOT + "\n" + line);

        assertThat(store(BOOT).load()).isEqualTo(Memory.blank());
    }

    private FileMemoryStore store(BootId boot) throws IOException {
        return new FileMemoryStore(root.resolve("run"), root.resolve("lib"), boot);
    }

    private static Memory memory() {
        Member a = new Member(NodeNumber.of(0), BOOT, new Generation(-1), new JoinNumber(3));
        Member b = new Member(NodeNumber.of(254), new BootId(2, 2), new Generation(5), new JoinNumber(1));
        Memory.OfLockspace running =
                new Memory.OfLockspace(View.of(List.of(a, b)), new Epoch(12), View.of(List.of(a)), Optional.empty());
        Memory.OfLockspace asked =
                new Memory.OfLockspace(View.EMPTY, Epoch.NONE, View.EMPTY, Optional.of(Uevent.Action.OFFLINE));
        return new Memory(
                new Epoch(99),
                new TreeMap<>(Map.of(NodeNumber.of(254), new BootId(2, 2))),
                new TreeMap<>(
                        Map.of(new LockspaceName("plain-1"), running, new LockspaceName("end 1\n%\u00ff"), asked)));
    }
}
