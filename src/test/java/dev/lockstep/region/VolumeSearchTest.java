// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.domain.RegionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VolumeSearchTest {
    @TempDir
    Path folder;

    private VolumeTree tree;

    @BeforeEach
    void makeATree() throws IOException {
        tree = new VolumeTree(folder);
        tree.device("sda");
    }

    @Test
    void findsTheDeviceThatCarriesTheVolume() throws IOException {
        Path volume = tree.volumeWithBoard("cciss!c0d1");

        VolumeSearch.Found found = tree.search().find(VolumeTree.UUID);
        assertThat(found.device()).isEqualTo(volume);
        assertThat(found.layout().name()).isEqualTo(VolumeTree.UUID);
        assertThat(found.layout().board()).isPresent();
    }

    @Test
    void takesTheMultipathDeviceAndNotItsPaths() throws IOException {
        tree.volumeWithBoard("sdb");
        tree.volumeWithBoard("sdc");
        Path top = tree.volumeWithBoard("dm-3");
        tree.stack("dm-3", "sdb");
        tree.stack("dm-3", "sdc");

        assertThat(tree.search().find(VolumeTree.UUID).device()).isEqualTo(top);
    }

    @Test
    void refusesAVolumeThatIsThereTwice() throws IOException {
        tree.volumeWithBoard("sdb");
        tree.volumeWithBoard("sdc");

        assertThatThrownBy(() -> tree.search().find(VolumeTree.UUID))
                .isInstanceOf(UnusableRegion.class)
                .hasMessageContaining("more than one device")
                .hasMessageContaining("sdb")
                .hasMessageContaining("sdc");
    }

    @Test
    void saysHowToGetABoard() throws IOException {
        Path volume = tree.volume("sdb");

        assertThatThrownBy(() -> tree.search().find(VolumeTree.UUID))
                .isInstanceOf(UnusableRegion.class)
                .hasMessageContaining("lockstep region format " + volume);
    }

    @Test
    void saysWhatCouldNotBeSearched() throws IOException {
        Path gone = tree.device("sdb");
        Files.delete(gone);
        Files.createDirectories(gone);

        assertThatThrownBy(() -> tree.search().find(new RegionId("0".repeat(32))))
                .isInstanceOf(UnusableRegion.class)
                .hasMessageContaining("no block device carries")
                .hasMessageContaining("sdb");
    }

    @Test
    void aDeviceThatGoesWhileDevicesAreListedHidesNoOther() throws IOException {
        Path volume = tree.volumeWithBoard("sdb");

        assertThat(tree.searchThatLoses("sda").find(VolumeTree.UUID).device()).isEqualTo(volume);
        assertThatThrownBy(() -> tree.searchThatLoses("sdb").find(VolumeTree.UUID))
                .isInstanceOf(UnusableRegion.class)
                .hasMessageContaining("no block device carries")
                .hasMessageContaining("not searched")
                .hasMessageContaining("sdb");
    }
}
