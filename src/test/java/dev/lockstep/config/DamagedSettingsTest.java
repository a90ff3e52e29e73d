// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import dev.lockstep.fuzz.Damage;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
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
    private static final String EVERY_SYNTAX = """
            # comment { [
            "dlm" { port : 21064, mark = 1 # "x"
              log-debug = true } // }
            dlm . nodir = [ a, "b # c", "\\" ]", \"""d" ]\"""\" ]
            guards = [ { lockspace = "a*", region = R }
                       { lockspace = b, region = S } ]
            fence-command
            { x = [] }
            "a.b".c = 2 s
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

    /** What the strict reading has let through means to the parser just the settings that it has seen. */
    @Test
    void theParserFindsTheKeysThatTheStrictReadingFound() {
        int accepted = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            String text = new Damage(seed).of(seed % 2 == 0 ? SETTINGS : EVERY_SYNTAX);
            Problems problems = new Problems();
            StrictSyntax syntax = new StrictSyntax("lockstep.conf", text, problems);
            Config parsed;
            try {
                syntax.check();
                problems.throwIfAny();
                parsed = ConfigFactory.parseString(text);
            } catch (ConfigException | InvalidSettings e) {
                continue;
            }
            accepted++;
            Set<String> keys = new TreeSet<>();
            collect(List.of(), parsed.root(), keys);
            assertThat(syntax.paths()).as("seed %d:\n%s", seed, text).isEqualTo(keys);
        }
        assertThat(accepted).isPositive();
    }

    private static void collect(List<String> above, ConfigObject object, Set<String> keys) {
        object.forEach((key, value) -> {
            List<String> path = Stream.concat(above.stream(), Stream.of(key)).toList();
            if (value instanceof ConfigObject inner) {
                collect(path, inner, keys);
            } else {
                keys.add(ConfigUtil.joinPath(path));
            }
        });
    }

    @Test
    void noDamagedClusterConfIsMoreThanProblems() {
        int refused = 0;
        for (long seed = 0; seed < SEEDS * 10L; seed++) {
            String text = new Damage(seed).of(CLUSTER_CONF);
            Problems problems = new Problems();
            try {
                new ClusterConfShape("cluster.conf", problems).check(ClusterConf.parse("cluster.conf", text, problems));
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
