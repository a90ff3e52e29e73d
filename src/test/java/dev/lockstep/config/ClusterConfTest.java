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
        assertThat(folder("cluster:\n\tnode_count = 0\n\tname = web\n").problems())
                .containsExactly("cluster.conf:1: cluster web has no nodes: no node stanza says cluster = web");
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

    /** To some tools a leading zero means octal: another node, or another port. */
    @Test
    void refusesNumbersThatLockstepConfRefuses() {
        assertThat(folder(TWO_NODES.replace("number = 2", "number = 010")).problems())
                .containsExactly("cluster.conf:8: number: needs a whole number, 0 to 254, not 010");
        assertThat(folder(TWO_NODES.replace("number = 2", "number = 255")).problems())
                .containsExactly("cluster.conf:8: number: needs a whole number, 0 to 254, not 255");
        assertThat(folder(TWO_NODES.replace(
                                "ip_port = 7778\n\tip_address = 10.0.0.2",
                                "ip_port = 07778\n\tip_address" + " = 10.0.0.2"))
                        .problems())
                .containsExactly("cluster.conf:10: ip_port: needs a whole number, 1 to 65534, not 07778");
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

    @Test
    void refusesAnAttributeGivenTwice() {
        assertThat(folder(TWO_NODES.replace("\tname = beta", "\tname = beta\n\tnumber = 3"))
                        .problems())
                .containsExactly("cluster.conf:13: number is given twice, first in line 8");
    }

    @Test
    void refusesStanzasAndAttributesThatThereAreNot() {
        assertThat(folder(TWO_NODES.replace("\tname = web", "\tname = web\n\tidle = 3\n\nnodes:\n\tnumber = 1"))
                        .problems())
                .containsExactly(
                        "cluster.conf:6: cluster: unknown attribute idle",
                        "cluster.conf:8: unknown stanza nodes; did you mean node?");
    }

    @Test
    void refusesNodesOfAClusterThatIsNotInTheFile() {
        assertThat(folder(TWO_NODES.replaceFirst("cluster = web", "cluster = wbe"))
                        .problems())
                .containsExactly(
                        "cluster.conf:4: node_count = 2, and 1 nodes of cluster web are listed",
                        "cluster.conf:9: node: cluster wbe is not in this file; did you mean web?");
    }

    @Test
    void refusesNodesOfNoCluster() {
        assertThat(folder(TWO_NODES.replaceFirst("\tcluster = web\n", "").replace("= 2\n\tname", "= 1\n\tname"))
                        .problems())
                .containsExactly("cluster.conf:7: node: has no cluster");
    }

    @Test
    void refusesACountOfOtherNodesThanAreListed() {
        assertThat(folder(TWO_NODES.replace("node_count = 2", "node_count = 3")).problems())
                .containsExactly("cluster.conf:4: node_count = 3, and 2 nodes of cluster web are listed");
        assertThat(folder(TWO_NODES.replace("\tnode_count = 2\n", "")).problems())
                .containsExactly("cluster.conf:2: cluster: has no node_count");
    }

    @Test
    void refusesAClusterGivenTwice() {
        assertThat(folder(TWO_NODES + "\ncluster:\n\tname = web\n\tnode_count = 2\n")
                        .problems())
                .contains("cluster.conf:22: cluster web is already in line 2");
    }

    /** The tools leave the stanzas of global heartbeat where they are when the mode is local again. */
    @Test
    void takesAllThatTheToolsWrite() throws InvalidSettings {
        String more = """

                cluster:
                \theartbeat_mode = global
                \tnode_count = 1
                \tname = db

                node:
                \tnumber = 1
                \tcluster = db
                \tip_port = 7777
                \tip_address = 10.0.1.1
                \tname = alpha

                heartbeat:
                \tcluster = web
                \tregion = 0123456789ABCDEF0123456789ABCDEF
                """;

        assertThat(folder(TWO_NODES + more)
                        .flag("cluster-name", "web")
                        .settings()
                        .nodes())
                .hasSize(2);
    }
}
