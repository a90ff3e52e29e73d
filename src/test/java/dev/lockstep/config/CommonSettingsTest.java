// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.board.SettingsDigest.Setting;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CommonSettingsTest {
    @TempDir
    private Path temp;

    private List<Setting> differing(String one, String other) throws InvalidSettings {
        return CommonSettings.digest(load(one)).differences(CommonSettings.digest(load(other)));
    }

    private Settings load(String text) throws InvalidSettings {
        return new ConfigFolder(temp).file("lockstep.conf", text).settings();
    }

    @Test
    void differInNothingForTheSameClusterSeenFromTwoNodes() throws InvalidSettings {
        assertThat(differing(ConfigFolder.NODES, """
                        node-name = beta
                        paths.state = /srv/lockstep
                        fence = manual
                        nodes = [ { number = 2, name = BETA, address = 10.0.0.2 }
                                  { number = 1, name = alpha, address = 10.0.0.1, weight = 1 } ]
                        """)).isEmpty();
    }

    @Test
    void nameEachSettingThatDiffers() throws InvalidSettings {
        String base = ConfigFolder.NODES;

        assertThat(differing(base, base + "cluster-name = web")).containsExactly(Setting.CLUSTER_NAME);
        assertThat(differing(base, base.replace("10.0.0.2", "10.0.0.3"))).containsExactly(Setting.NODES);
        assertThat(differing(base, base.replace("10.0.0.2", "10.0.0.2, port = 7778")))
                .containsExactly(Setting.NODES);
        assertThat(differing(base, base + "dlm.nodeid-offset = 1")).containsExactly(Setting.NODEID_OFFSET);
        assertThat(differing(base, base + "dead-threshold = 30")).containsExactly(Setting.DEAD_THRESHOLD);
        assertThat(differing(base, base + "dlm.port = 21070")).containsExactly(Setting.TRANSPORT);
        assertThat(differing(base, base + "dlm.mark = 7")).containsExactly(Setting.MARKS);
        assertThat(differing(base, base + "dlm.nodir = [\"a*\"]")).containsExactly(Setting.DIRECTORY);
        assertThat(differing(base, base.replace("10.0.0.1", "10.0.0.1, weight = 0")))
                .containsExactly(Setting.DIRECTORY);
        assertThat(differing(base, base + "guards = [{lockspace=\"a*\", region=R}]"))
                .containsExactly(Setting.GUARDS);
    }

    @Test
    void differInNothingWhereAVolumesUuidIsWrittenInAnotherCase() throws InvalidSettings {
        String upper = "guards = [{lockspace=\"a*\", region=0123456789ABCDEF0123456789ABCDEF}]";

        assertThat(differing(ConfigFolder.NODES + upper, ConfigFolder.NODES + upper.replaceAll("ABCDEF", "abcdef")))
                .isEmpty();
        assertThat(differing(
                        ConfigFolder.NODES + "guards = [{lockspace=\"a*\", region=Rack}]",
                        ConfigFolder.NODES + "guards = [{lockspace=\"a*\", region=RACK}]"))
                .as("of other names two regions may differ in nothing else")
                .containsExactly(Setting.GUARDS);
    }

    @Test
    void keepTheOrderOfGuardRules() throws InvalidSettings {
        String ab = "guards = [{lockspace=\"a*\", region=R}, {lockspace=\"*\", region=S}]";
        String ba = "guards = [{lockspace=\"*\", region=S}, {lockspace=\"a*\", region=R}]";

        assertThat(differing(ConfigFolder.NODES + ab, ConfigFolder.NODES + ba)).containsExactly(Setting.GUARDS);
    }
}
