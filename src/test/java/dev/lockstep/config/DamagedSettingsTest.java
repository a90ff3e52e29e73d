// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.fuzz.Damage;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamagedSettingsTest {
    private static final int SEEDS = Integer.getInteger("fuzz.seeds", 2_000);
    private static final String SETTINGS = ConfigFolder.NODES + """
            cluster-name = web
            dead-threshold = 31
            heartbeat-period = 2 s
            dlm { port = 21064, nodeid-offset = 0 }
            """;
    private static final String CLUSTER_CONF = """
            cluster:
            \tnode_count = 2
            \tname = web

            node:
            \tip_port = 7777
            \tip_address = 10.0.0.1
            \tnumber = 1
            \tname = alpha
            \tcluster = web

            node:
            \tip_port = 7777
            \tip_address = 10.0.0.2
            \tnumber = 2
            \tname = beta
            \tcluster = web
            """;

    @TempDir
    private Path temp;

    @Test
    void noDamagedFileIsMoreThanProblemsWithTheirPlace() {
        int refused = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            String text = new Damage(seed).of(SETTINGS);
            try {
                new ConfigFolder(temp).file("lockstep.conf", text).settings();
            } catch (InvalidSettings e) {
                assertThat(e.problems()).as("seed %d", seed).isNotEmpty();
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ":\n" + text, e);
            }
        }
        assertThat(refused).isBetween(1, SEEDS - 1);
    }

    @Test
    void noDamagedClusterConfIsMoreThanProblems() {
        int refused = 0;
        for (long seed = 0; seed < SEEDS * 10L; seed++) {
            String text = new Damage(seed).of(CLUSTER_CONF);
            Problems problems = new Problems();
            try {
                ClusterConf.parse("cluster.conf", text, problems);
                problems.throwIfAny();
            } catch (InvalidSettings e) {
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ":\n" + text, e);
            }
        }
        assertThat(refused).isPositive();
    }
}
