// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClusterConfTest {
    private static final String TWO_NODES = """
            # written by o2cb
            cluster:
            \theartbeat_mode = local
            \tnode_count = 2
            \tname = web

            node:
            \tnumber = 2
            \tcluster = web
            \tip_port = 7778
            \tip_address = 10.0.0.2
            \tname = beta

            node:
            \tnumber = 1
            \tcluster = web
            \tip_port = 7778
            \tip_address = 10.0.0.1
            \tname = alpha
            """;

    @TempDir
    private Path temp;

    private ConfigFolder folder(String clusterConf) {
        return new ConfigFolder(temp)
                .file("cluster.conf", clusterConf)
                .file("lockstep.conf", "o2cb.cluster-conf = " + temp.resolve("cluster.conf"));
    }

    @Test
    void givesTheNodesAndTheClusterNameThatTheSettingsLeaveOut() throws InvalidSettings {
        Settings settings = folder(TWO_NODES).settings();

        assertThat(settings.clusterName()).isEqualTo("web");
        assertThat(settings.nodes()).extracting(Node::name).containsExactly("alpha", "beta");
        assertThat(settings.self().address().getHostAddress()).isEqualTo("10.0.0.1");
        assertThat(settings.self().port()).isEqualTo(7778);
    }

    @Test
    void givesNothingWhereTheSettingsNameNodes() throws InvalidSettings {
        Settings settings = folder(TWO_NODES)
                .flag("nodes", "[{number=9,name=alpha,address=10.9.0.9}]")
                .settings();

        assertThat(settings.clusterName()).isEqualTo("lockstep");
        assertThat(settings.self().number().value()).isEqualTo(9);
    }

    @Test
    void showsItsNodesInTheDumpWithTheirLines() throws InvalidSettings {
        LoadedSettings loaded = folder(TWO_NODES).load();
        String file = temp.resolve("cluster.conf").toString();

        assertThat(loaded.dump())
                .contains("nodes = [{address=\"10.0.0.2\",name=beta,number=2,port=7778},"
                        + "{address=\"10.0.0.1\",name=alpha,number=1,port=7778}]  # " + file + ":7,14");
        assertThat(new ConfigFolder(temp)
                        .file("lockstep.conf", String.join("\n", loaded.dump()))
                        .settings())
                .as("a dump is a settings file")
                .isEqualTo(loaded.settings());
    }

    @Test
    void refusesAClusterItDoesNotHave() {
        assertThat(folder(TWO_NODES).flag("cluster-name", "db").problems())
                .containsExactly("cluster.conf: has no cluster named db; set cluster-name to one of web,"
                        + " or list the nodes in lockstep.conf");
    }

    @Test
    void refusesAClusterWithoutNodesAtItsLine() {
        assertThat(folder(TWO_NODES.replace("cluster = web", "cluster = other")).problems())
                .containsExactly("cluster.conf:2: cluster web has no nodes: no node stanza says cluster = web");
    }

    @Test
    void refusesAFileWithoutAnyCluster() {
        assertThat(folder("# nothing yet\n").problems())
                .containsExactly("cluster.conf: has no cluster; list the nodes in lockstep.conf");
    }

    /** Names become directories of configfs. */
    @Test
    void refusesNamesThatLockstepConfCouldNotHaveEither() {
        assertThat(folder(TWO_NODES.replace("name = beta", "name = ../beta")).problems())
                .containsExactly("cluster.conf:12: name: needs a name of 1 to 64 letters, digits, '.', '-' and '_',"
                        + " not ../beta");
        assertThat(folder(TWO_NODES.replace("= web", "= a/b"))
                        .flag("o2cb.setup", "false")
                        .problems())
                .containsExactly("cluster.conf:5: name: needs a name of 1 to 64 letters, digits, '.', '-' and '_',"
                        + " not a/b");
    }

    @Test
    void refusesGlobalHeartbeatByName() {
        assertThat(folder(TWO_NODES.replace("= local", "= global")).problems())
                .containsExactly("cluster.conf:3: heartbeat_mode = global is not built yet; use local");
    }

    @Test
    void refusesLinesThatTheO2cbToolsRefuse() {
        assertThat(folder(TWO_NODES.replace("\tnumber = 2", "number = 2")).problems())
                .contains("cluster.conf:8: neither a stanza in column 0 nor an indented key = value");
    }

    @Test
    void refusesAttributesAfterAnEmptyLine() {
        assertThat(folder(TWO_NODES.replace("\tname = web", "\n\tname = web")).problems())
                .contains("cluster.conf:6: name stands outside a stanza");
    }

    @Test
    void refusesNodesThatLackSomething() {
        assertThat(folder(TWO_NODES.replace("\tip_address = 10.0.0.2\n", "")).problems())
                .containsExactly("cluster.conf:7: node: has no ip_address");
    }

    @Test
    void refusesNodeNumbersOutOfRange() {
        assertThat(folder(TWO_NODES.replace("number = 2", "number = 300")).problems())
                .containsExactly("cluster.conf:8: number: needs a whole number, 0 to 254, not 300");
    }

    @Test
    void refusesNodeZeroWithItsLine() {
        assertThat(folder(TWO_NODES.replace("number = 1", "number = 0")).problems())
                .containsExactly("cluster.conf:14: node alpha has number 0, and fs/dlm has no nodeid 0;"
                        + " set dlm.nodeid-offset = 1 on all nodes, or renumber the node");
    }
}
