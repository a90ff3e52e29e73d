// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an administrator gets wrong about the nodes, with the exact line that says so. */
final class BadNodesTest {
    @TempDir
    private Path temp;

    /** Problems of a file whose lines 1 to 3 are good nodes and whose line 4 is {@code line}. */
    private List<String> problemsWith(String line) {
        return new ConfigFolder(temp)
                .file("lockstep.conf", ConfigFolder.NODES + line)
                .problems();
    }

    private List<String> problemsOf(String text) {
        return new ConfigFolder(temp).file("lockstep.conf", text).problems();
    }

    @Test
    void refusesADuplicateNodeNumber() {
        assertThat(problemsOf("""
                                nodes = [
                                  { number = 1, name = alpha, address = 10.0.0.1 }
                                  { number = 1, name = beta, address = 10.0.0.2 }
                                ]
                                """))
                .containsExactly("lockstep.conf:3: node beta: number 1 is already node alpha's, line 2");
    }

    @Test
    void refusesADuplicateNodeNameWhateverItsCase() {
        assertThat(problemsOf("""
                                nodes = [
                                  { number = 1, name = alpha, address = 10.0.0.1 }
                                  { number = 2, name = Alpha, address = 10.0.0.2 }
                                ]
                                """))
                .containsExactly("lockstep.conf:3: node Alpha: name alpha is already node alpha's, line 2");
    }

    @Test
    void refusesADuplicateAddressHoweverItIsWritten() {
        assertThat(problemsOf("""
                                o2cb.setup = false
                                nodes = [
                                  { number = 1, name = alpha, address = "fd00::1" }
                                  { number = 2, name = beta, address = "fd00:0:0::1" }
                                ]
                                """))
                .containsExactly(
                        "lockstep.conf:4: node beta: address fd00:0:0:0:0:0:0:1 is already node alpha's, line 3");
    }

    @Test
    void refusesNodeZeroWithoutTheOffsetAndNamesTheSetting() {
        assertThat(problemsOf("nodes = [ { number = 0, name = alpha, address = 10.0.0.1 } ]"))
                .containsExactly("lockstep.conf:1: node alpha has number 0, and fs/dlm has no nodeid 0;"
                        + " set dlm.nodeid-offset = 1 on all nodes, or renumber the node");
    }

    @Test
    void refusesANodeNumberThatO2cbDoesNotHave() {
        assertThat(problemsOf("nodes = [ { number = 255, name = alpha, address = 10.0.0.1 } ]"))
                .containsExactly("lockstep.conf:1: nodes[0].number: 255 is outside 0 to 254");
    }

    @Test
    void refusesAHostNameForAnAddress() {
        assertThat(problemsOf("nodes = [ { number = 1, name = alpha, address = alpha.example } ]"))
                .containsExactly("lockstep.conf:1: nodes[0].address: needs an IP address in numbers,"
                        + " not the text \"alpha.example\"");
    }

    @Test
    void refusesAnAddressWithTooFewNumbers() {
        assertThat(problemsOf("nodes = [ { number = 1, name = alpha, address = \"10.1\" } ]"))
                .containsExactly(
                        "lockstep.conf:1: nodes[0].address: needs an IP address in numbers, not the text \"10.1\"");
    }

    @Test
    void refusesAnAddressAtWhichNoOtherNodeReachesThisOne() {
        for (String address : List.of("0.0.0.0", "127.0.0.1", "224.0.0.1", "255.255.255.255")) {
            assertThat(problemsOf("nodes = [ { number = 1, name = alpha, address = " + address + " } ]"))
                    .containsExactly("lockstep.conf:1: node alpha: " + address
                            + " is no address at which other nodes reach one machine");
        }
        for (String address : List.of("0:0:0:0:0:0:0:0", "0:0:0:0:0:0:0:1", "ff02:0:0:0:0:0:0:1")) {
            assertThat(problemsOf("o2cb.setup = false\nnodes = [ { number = 1, name = alpha, address = \"" + address
                            + "\" } ]"))
                    .containsExactly("lockstep.conf:2: node alpha: " + address
                            + " is no address at which other nodes reach one machine");
        }
    }

    /** A scope is the number of an interface, on each machine another. */
    @Test
    void refusesAnAddressOfOneLinkOnly() {
        assertThat(problemsOf("""
                                o2cb.setup = false
                                nodes = [ { number = 1, name = alpha, address = "fe80::1" } ]
                                wake-ups.bind = "fe80::2"
                                """))
                .containsExactly(
                        "lockstep.conf:2: node alpha: fe80:0:0:0:0:0:0:1 is an address of one link, and no setting says"
                                + " on which interface; use another one",
                        "lockstep.conf:3: wake-ups.bind: fe80::2 is an address of one link, and no setting says"
                                + " on which interface; use another one");
    }

    @Test
    void refusesTwoKindsOfAddresses() {
        assertThat(problemsOf("""
                                o2cb.setup = false
                                nodes = [
                                  { number = 1, name = alpha, address = 10.0.0.1 }
                                  { number = 2, name = beta, address = "fd00::2" }
                                  { number = 3, name = gamma, address = "fd00::3" }
                                ]
                                """))
                .containsExactly("lockstep.conf:4: node beta has an IPv6 address, node alpha an IPv4 one;"
                        + " fs/dlm needs one kind on all nodes");
    }

    @Test
    void refusesAClusterNameThatFsDlmCutsOff() {
        assertThat(problemsWith("o2cb.setup = false\ncluster-name = " + "a".repeat(64)))
                .containsExactly("lockstep.conf:5: cluster-name: fs/dlm takes at most 63 characters, not 64");
    }

    @Test
    void refusesAClusterWithoutThisHost() {
        assertThat(new ConfigFolder(temp)
                        .file("lockstep.conf", ConfigFolder.NODES)
                        .hostname("gamma.example")
                        .problems())
                .containsExactly("lockstep.conf:1: nodes: this host is gamma, and no node has that name (alpha, beta);"
                        + " add it, or set node-name");
    }

    @Test
    void refusesANodeNameThatNoNodeHas() {
        assertThat(problemsWith("node-name = gamma"))
                .containsExactly("lockstep.conf:4: node-name: no node is named gamma (alpha, beta)");
    }

    @Test
    void refusesAClusterWithoutNodes() {
        assertThat(problemsOf("o2cb.cluster-conf = /nonexistent/cluster.conf"))
                .containsExactly("lockstep.conf: nodes: none are configured, and /nonexistent/cluster.conf"
                        + " does not exist; list the cluster's nodes");
    }
}
