// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.board.Eviction;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.JoinNumber;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.Member;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.RegionId;
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
    private static final Memory.Lasting LASTING = new Memory.Lasting(
            new Epoch(99),
            1 << 21,
            List.of(
                    new Eviction(NodeNumber.of(254), new BootId(3, 3), new Generation(-9), Eviction.Kind.TIMEOUT),
                    new Eviction(NodeNumber.of(0), new BootId(4, 4), Generation.NONE, Eviction.Kind.MUST_GO)));

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
    void whoOnlyLoadsLeavesNothingBehind() {
        assertThat(store(BOOT).load()).isEqualTo(Memory.blank());

        assertThat(root).isEmptyDirectory();
    }

    @Test
    void aLaterSaveReplacesAnEarlier() throws IOException {
        FileMemoryStore store = store(BOOT);
        store.save(memory());
        store.saveLasting(LASTING);
        Memory less = Memory.of(new Memory.Lasting(new Epoch(100), 8, List.of()));
        store.save(less);
        store.saveLasting(less.lasting());

        assertThat(store(BOOT).load()).isEqualTo(less);
        assertThat(store(new BootId(1, 1)).load()).isEqualTo(less);
        assertThat(root.resolve("run")).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void anotherBootKeepsWhatLastsOnly() throws IOException {
        saved();

        assertThat(store(new BootId(1, 1)).load()).isEqualTo(Memory.of(LASTING));
    }

    @Test
    void aVanishedRuntimeDirectoryKeepsWhatLasts() throws IOException {
        saved();
        Files.delete(root.resolve("run/memory"));

        assertThat(store(BOOT).load()).isEqualTo(Memory.of(LASTING));
    }

    @Test
    void damagedLastingFactsReadAsNone() throws IOException {
        saved();
        Files.writeString(root.resolve("lib/lasting"), "floor 1\n");

        assertThat(store(BOOT).load()).isEqualTo(memory());
        assertThat(store(new BootId(1, 1)).load()).isEqualTo(Memory.blank());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "floor 1\n",
                "floor 1\nseq -1\n",
                "floor 9223372036854775807\nseq 1\n",
                "seq 1\nfloor 1\n",
                "floor 1\nseq 1\nevicted 1\n",
                ""
            })
    void lastingFactsThatAreNotExactlySoAreRefused(String text) throws IOException {
        Files.createDirectories(root.resolve("lib"));
        new SealedText(root.resolve("lib/lasting"), "lockstep-lasting 1").write(text);

        assertThat(store(BOOT).load()).isEqualTo(Memory.blank());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void damageNeverGoesUnseen(long seed) throws IOException {
        Random random = new Random(seed);
        saved();
        Path file = root.resolve("run/memory");
        byte[] good = Files.readAllBytes(file);
        for (int run = 0; run < 300; run++) {
            byte[] bad = random.nextBoolean() ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
            if (bad.length == good.length) {
                bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(file, bad);
            assertThatThrownBy(() -> new SealedText(file, "lockstep-memory 3").read())
                    .as("seed %d run %d", seed, run)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(store(BOOT).load()).isEqualTo(Memory.of(LASTING));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "view 1 x 0 1\n",
                "comm 1\n",
                "lockspace a -1 none stays\n",
                "lockspace a 9223372036854775807 none stays\n",
                "guard R\n",
                "lockspace a 1 none stays\nguard R\nguard S\n",
                "lockspace a 1 maybe stays\n",
                "lockspace a 1 none\n",
                "huh\n"
            })
    void aLineThatIsNotExactlySoIsRefused(String line) throws IOException {
        Files.createDirectories(root.resolve("run"));
        new SealedText(root.resolve("run/memory"), "lockstep-memory 3")
                .write("boot " + BOOT + "\nfloor 0\nseq 0\n" + line);

        assertThat(store(BOOT).load()).isEqualTo(Memory.blank());
    }

    @Test
    void anAgentOfThisBootKnowsWhatTheStateDirectoryNeverGot() throws IOException {
        store(BOOT).save(memory());

        assertThat(store(BOOT).load()).isEqualTo(memory());
        assertThat(store(BOOT).ofThisBoot()).isEqualTo(memory());
        assertThat(store(new BootId(1, 1)).load()).isEqualTo(Memory.blank());
    }

    @Test
    void whatEitherFileSaysOfWhatLastsCounts() throws IOException {
        store(BOOT).save(memory());
        Eviction later = new Eviction(NodeNumber.of(9), new BootId(9, 9), Generation.NONE, Eviction.Kind.FENCED);
        Memory.Lasting higher = new Memory.Lasting(new Epoch(1L << 40), 1L << 50, List.of(later));
        store(BOOT).saveLasting(higher);

        Memory.Lasting loaded = store(BOOT).load().lasting();

        assertThat(loaded.floor()).isEqualTo(higher.floor());
        assertThat(loaded.seqBound()).isEqualTo(higher.seqBound());
        assertThat(loaded.evictions()).containsAll(LASTING.evictions()).contains(later);
    }

    private void saved() throws IOException {
        store(BOOT).save(memory());
        store(BOOT).saveLasting(LASTING);
    }

    private FileMemoryStore store(BootId boot) {
        return new FileMemoryStore(root.resolve("run"), root.resolve("lib"), boot);
    }

    private static Memory memory() {
        Member a = new Member(NodeNumber.of(0), BOOT, new Generation(-1), new JoinNumber(3));
        Member b = new Member(NodeNumber.of(254), new BootId(2, 2), new Generation(5), new JoinNumber(1));
        Memory.OfLockspace running = new Memory.OfLockspace(
                Optional.of(new RegionId("R-1")),
                View.of(List.of(a, b)),
                new Epoch(12),
                View.of(List.of(a)),
                Optional.empty(),
                false);
        Memory.OfLockspace asked = new Memory.OfLockspace(
                Optional.empty(), View.EMPTY, Epoch.NONE, View.EMPTY, Optional.of(Uevent.Action.OFFLINE), true);
        return new Memory(
                LASTING,
                true,
                new TreeMap<>(Map.of(NodeNumber.of(254), new BootId(2, 2))),
                new TreeMap<>(
                        Map.of(new LockspaceName("plain-1"), running, new LockspaceName("end 1\n%\u00ff"), asked)));
    }
}
