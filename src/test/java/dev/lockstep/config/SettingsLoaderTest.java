// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SettingsLoaderTest {
    /** Surefire runs in the module's folder. */
    private static final Path SHIPPED = Path.of("..", "config", "lockstep.conf");

    @TempDir
    private Path temp;

    private ConfigFolder folder(String more) {
        return new ConfigFolder(temp).file("lockstep.conf", ConfigFolder.NODES + more);
    }

    @Test
    void fillsInEveryDefault() throws InvalidSettings {
        Settings settings = folder("").settings();

        assertThat(settings.clusterName()).isEqualTo("lockstep");
        assertThat(settings.heartbeat()).isEqualTo(Settings.Heartbeat.KERNEL);
        assertThat(settings.heartbeatPeriod()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.deadThreshold()).isEqualTo(31);
        assertThat(settings.deathMargin()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.self().name()).isEqualTo("alpha");
        assertThat(settings.self().port()).isEqualTo(7777);
        assertThat(settings.self().weight()).isEqualTo(1);
        assertThat(settings.dlm()).isEqualTo(new Settings.Dlm(0, 21064, false, List.of(), 0));
        assertThat(settings.fence()).isEqualTo(Settings.Fence.SELF);
        assertThat(settings.wakeUps().bind().getHostAddress()).isEqualTo("10.0.0.1");
        assertThat(settings.paths().controlSocket()).isEqualTo(Path.of("/run/lockstep/admin.sock"));
        assertThat(settings.o2cb().setup()).isTrue();
    }

    @Test
    void takesTheMarginFromThePeriodUnlessItIsSet() throws InvalidSettings {
        assertThat(folder("").settings().deathMargin()).isEqualTo(Settings.KERNEL_PERIOD);
        assertThat(folder("death-margin = 1.5 s").settings().deathMargin()).isEqualTo(Duration.ofMillis(1500));
    }

    @Test
    void takesTheFenceCommandAsItIsWritten() throws InvalidSettings {
        Settings settings = folder("fence = command, fence-command = [ /bin/true, \"--plug={name}\", \"a b\" ]")
                .settings();

        assertThat(settings.fence()).isEqualTo(Settings.Fence.COMMAND);
        assertThat(settings.fenceCommand())
                .isEqualTo(new Settings.FenceCommand(
                        List.of("/bin/true", "--plug={name}", "a b"), Duration.ofSeconds(60)));
    }

    @Test
    void readsRegionsAndGuardsInTheirOrder() throws InvalidSettings {
        Settings settings = folder("""
                        regions = [ { device = /dev/sdb1, name = A, start-block = 2048, slots = 16 }
                                    { device = /dev/sdc } ]
                        guards = [ { lockspace = "lvm_*", region = A }, { lockspace = "*", region = B } ]
                        """).settings();

        assertThat(settings.regions().get(0).name()).contains("A");
        assertThat(settings.regions().get(0).startBlock()).contains(2048L);
        assertThat(settings.regions().get(0).slots()).isEqualTo(16);
        assertThat(settings.regions().get(1).name()).isEmpty();
        assertThat(settings.regions().get(1).slots()).isEqualTo(255);
        assertThat(settings.guards()).containsExactly(new Settings.Guard("lvm_*", "A"), new Settings.Guard("*", "B"));
    }

    @Test
    void knowsThisNodeByItsFullOrShortHostNameWhateverTheCase() throws InvalidSettings {
        assertThat(folder("").hostname("BETA.example").settings().self().name()).isEqualTo("beta");
        assertThat(folder("node-name = Beta").settings().self().name()).isEqualTo("beta");
    }

    @Test
    void sortsNodesByNumber() throws InvalidSettings {
        Settings settings = new ConfigFolder(temp)
                .file(
                        "lockstep.conf",
                        "nodes = [{number=7,name=beta,address=10.0.0.7},{number=3,name=alpha,address=10.0.0.3}]")
                .settings();

        assertThat(settings.nodes()).extracting(node -> node.number().value()).containsExactly(3, 7);
    }

    @Test
    void takesNodeZeroWithAnOffset() throws InvalidSettings {
        Settings settings = new ConfigFolder(temp)
                .file("lockstep.conf", "dlm.nodeid-offset = 1, nodes = [{number=0,name=alpha,address=10.0.0.1}]")
                .settings();

        assertThat(settings.self().number().value()).isZero();
    }

    @Test
    void letsFlagsWinOverEnvironmentOverConfDOverFileOverReference() throws InvalidSettings {
        ConfigFolder folder = folder("dlm.port = 1001");
        assertThat(folder.settings().dlm().port()).isEqualTo(1001);

        folder.file("conf.d/10.conf", "dlm.port = 1002").file("conf.d/20.conf", "dlm { port = 1003 }");
        assertThat(folder.settings().dlm().port()).isEqualTo(1003);

        folder.environment("LOCKSTEP_DLM_PORT", "1004");
        assertThat(folder.settings().dlm().port()).isEqualTo(1004);

        folder.flag("dlm.port", "1005");
        assertThat(folder.settings().dlm().port()).isEqualTo(1005);
    }

    @Test
    void dumpsWhatIsInForceAndWhereItComesFrom() throws InvalidSettings {
        List<String> dump = folder("dead-threshold = 11")
                .environment("LOCKSTEP_DLM_PORT", "1004")
                .flag("dlm.log-debug", "true")
                .load()
                .dump();

        assertThat(dump)
                .contains(
                        "dead-threshold = 11  # " + temp + "/lockstep.conf:4",
                        "dlm.port = 1004  # environment LOCKSTEP_DLM_PORT",
                        "dlm.log-debug = true  # --set dlm.log-debug",
                        "dlm.protocol = tcp  # default")
                .hasSize(SettingsLoader.paths().size());
    }

    @Test
    void dumpsAFileThatLoadsAgain() throws InvalidSettings {
        LoadedSettings first =
                folder("regions = [ { device = /dev/sdb1, name = A } ]").load();

        ConfigFolder again =
                new ConfigFolder(temp.resolve("again")).file("lockstep.conf", String.join("\n", first.dump()));

        assertThat(again.settings()).isEqualTo(first.settings());
    }

    @Test
    void shipsAFileThatShowsEveryDefaultKeyByKey() throws IOException {
        String shown = Files.readAllLines(SHIPPED).stream()
                .filter(line -> line.matches("#[a-z].*"))
                .map(line -> line.substring(1))
                .collect(Collectors.joining("\n"));

        assertThat(ConfigFactory.parseString(shown).root().unwrapped())
                .isEqualTo(SettingsLoader.reference().root().unwrapped());
    }

    @Test
    void shipsExamplesThatTheStrictReadingTakes() throws IOException, InvalidSettings {
        List<String> examples = Stream.of(Files.readString(SHIPPED).split("# Example:\n"))
                .skip(1)
                .map(text -> text.lines()
                        .takeWhile(line -> line.startsWith("#   "))
                        .map(line -> line.substring(4))
                        .collect(Collectors.joining("\n")))
                .toList();

        assertThat(examples).hasSize(4);
        for (String example : examples) {
            Problems problems = new Problems();
            assertThat(new StrictSyntax("example", example, problems).check())
                    .as(example)
                    .isTrue();
            problems.throwIfAny();
        }
    }

    @Test
    void acceptsTheExampleOfTheReadme() throws IOException, InvalidSettings {
        String readme = Files.readString(Path.of("..", "README.md"));
        String example = readme.substring(readme.indexOf("<<'CONF'\n") + 9, readme.indexOf("    CONF\n"));

        Settings settings =
                new ConfigFolder(temp).file("lockstep.conf", example).settings();

        assertThat(settings.nodes()).hasSize(3);
        assertThat(settings.regions()).hasSize(1);
    }

    @Test
    void shipsAFileThatSetsNothingByItself() {
        assertThat(ConfigFactory.parseFile(SHIPPED.toFile()).isEmpty()).isTrue();
    }

    /** Each setting with another value than its default, and what must be set beside it for both. */
    private static Map<String, List<String>> otherValues() {
        Map<String, List<String>> values = new TreeMap<>();
        values.put("cluster-name", List.of("other"));
        values.put("node-name", List.of("beta"));
        values.put("nodes", List.of("[ { number = 3, name = alpha, address = 10.0.0.3 } ]"));
        values.put("dead-threshold", List.of("8"));
        values.put("death-margin", List.of("3 s"));
        values.put("regions", List.of("[ { device = /dev/sdb1 } ]"));
        values.put("guards", List.of("[ { lockspace = a, region = R } ]"));
        values.put("dlm.nodeid-offset", List.of("1"));
        values.put("dlm.port", List.of("21070"));
        values.put("dlm.log-debug", List.of("true"));
        values.put("dlm.nodir", List.of("[ a ]"));
        values.put("dlm.mark", List.of("7"));
        values.put("fence", List.of("manual"));
        values.put("fence-command", List.of("[ /bin/true ]", "fence = command", "fence-command = [ /bin/false ]"));
        values.put("fence-command-timeout", List.of("5 s"));
        values.put("agent-dead-after", List.of("5 min"));
        values.put("probe-links", List.of("false"));
        values.put("split-verdict-after", List.of("20 s"));
        values.put("wake-ups.enabled", List.of("false"));
        values.put("wake-ups.port", List.of("21070"));
        values.put("wake-ups.bind", List.of("10.0.0.9"));
        values.put("paths.runtime", List.of("/run/other"));
        values.put("paths.state", List.of("/var/lib/other"));
        values.put("paths.control-socket", List.of("/run/other.sock"));
        values.put("o2cb.setup", List.of("false"));
        return values;
    }

    @Test
    void readsEverySettingThereIs() throws InvalidSettings {
        Set<String> known = new TreeSet<>(SettingsLoader.paths());
        // These have one value only, which the checks see to.
        known.removeAll(List.of("dlm.protocol", "heartbeat", "heartbeat-period"));
        known.remove("o2cb.cluster-conf"); // shows in what the file gives, see ClusterConfTest
        assertThat(otherValues()).containsOnlyKeys(known);
        for (Map.Entry<String, List<String>> each : otherValues().entrySet()) {
            List<String> values = each.getValue();
            String beside = ConfigFolder.NODES + String.join("\n", values.subList(1, values.size())) + "\n";
            Settings without =
                    new ConfigFolder(temp).file("lockstep.conf", beside).settings();

            assertThat(new ConfigFolder(temp)
                            .file("lockstep.conf", beside)
                            .flag(each.getKey(), values.get(0))
                            .settings())
                    .as(each.getKey())
                    .isNotEqualTo(without);
        }
    }

    @Test
    void hasADefaultForEverySettingInTheSchemaAndNoOther() {
        Problems problems = new Problems();

        assertThat(Schema.ROOT.accepts("", SettingsLoader.reference().root(), problems))
                .isTrue();
        assertThat(SettingsLoader.paths()).hasSize(leaves(Schema.ROOT));
    }

    private static int leaves(Group group) {
        return group.fields().values().stream()
                .mapToInt(check -> check instanceof Group inner ? leaves(inner) : 1)
                .sum();
    }
}
