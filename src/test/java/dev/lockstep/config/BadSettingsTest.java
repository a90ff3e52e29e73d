// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each other thing an administrator gets wrong, with the exact line that says so. */
final class BadSettingsTest {
    @TempDir
    private Path temp;

    /** Problems of a file whose lines 1 to 3 are good nodes and whose line 4 is {@code line}. */
    private List<String> problemsWith(String line) {
        return new ConfigFolder(temp)
                .file("lockstep.conf", ConfigFolder.NODES + line)
                .problems();
    }

    private LoadedSettings loaded(String line) throws InvalidSettings {
        return new ConfigFolder(temp)
                .file("lockstep.conf", ConfigFolder.NODES + line)
                .load();
    }

    private List<String> problemsOf(String text) {
        return new ConfigFolder(temp).file("lockstep.conf", text).problems();
    }

    @Test
    void namesAnUnknownSettingAndTheOneMeant() {
        assertThat(problemsWith("dead-treshold = 31"))
                .containsExactly("lockstep.conf:4: unknown setting dead-treshold; did you mean dead-threshold?");
    }

    @Test
    void namesAnUnknownSettingInAGroup() {
        assertThat(problemsWith("dlm { prot = 21064 }"))
                .containsExactly("lockstep.conf:4: unknown setting dlm.prot; did you mean dlm.port?");
    }

    @Test
    void saysWhichGroupsKnowAMisplacedSetting() {
        assertThat(problemsWith("port = 21064"))
                .containsExactly("lockstep.conf:4: unknown setting port; did you mean dlm.port or wake-ups.port?");
    }

    @Test
    void guessesNothingForAWordLikeNoOther() {
        assertThat(problemsWith("quorum-disk = yes")).containsExactly("lockstep.conf:4: unknown setting quorum-disk");
    }

    @Test
    void namesAnUnknownSettingOfANode() {
        assertThat(problemsOf("nodes = [\n { number = 1, name = alpha, adress = 10.0.0.1 }\n]"))
                .containsExactly(
                        "lockstep.conf:2: nodes[0]: has no address",
                        "lockstep.conf:2: unknown setting nodes[0].adress; did you mean address?");
    }

    @Test
    void refusesATextForANumber() {
        assertThat(problemsWith("dead-threshold = \"31\""))
                .containsExactly(
                        "lockstep.conf:4: dead-threshold: needs a whole number, 3 to 3600, not the text \"31\"");
    }

    @Test
    void saysThatATextWhichLooksLikeANumberNeedsQuotes() {
        assertThat(problemsWith("cluster-name = 007"))
                .containsExactly("lockstep.conf:4: cluster-name: needs a text; write it in double quotes: \"007\"");
    }

    @Test
    void refusesADurationForTheCountOfScans() {
        assertThat(problemsWith("dead-threshold = 62 s"))
                .containsExactly(
                        "lockstep.conf:4: dead-threshold: needs a whole number, 3 to 3600, not the text \"62 s\"");
    }

    @Test
    void refusesAFraction() {
        assertThat(problemsWith("dead-threshold = 31.5"))
                .containsExactly("lockstep.conf:4: dead-threshold: needs a whole number, 3 to 3600, not 31.5");
    }

    @Test
    void refusesNumbersThatAreNotWrittenPlainly() {
        for (String number : List.of("031", "31.0", "31e0", "-0", "-031")) {
            assertThat(problemsWith("dead-threshold = " + number))
                    .containsExactly("lockstep.conf:4: dead-threshold: needs a whole number, 3 to 3600, not " + number);
        }
        assertThat(problemsWith("dead-threshold = -31"))
                .containsExactly("lockstep.conf:4: dead-threshold: -31 is outside 3 to 3600");
    }

    @Test
    void refusesThemInFlagsAndInTheEnvironment() {
        assertThat(new ConfigFolder(temp)
                        .file("lockstep.conf", ConfigFolder.NODES)
                        .flag("dlm.port", "021064")
                        .environment("LOCKSTEP_DEAD_THRESHOLD", "1e3")
                        .problems())
                .containsExactly(
                        "--set dlm.port: dlm.port: needs a whole number, 1 to 65535, not 021064",
                        "environment LOCKSTEP_DEAD_THRESHOLD: dead-threshold: needs a whole number, 3 to 3600,"
                                + " not 1e3");
    }

    @Test
    void refusesADurationThatLooksOctal() {
        assertThat(problemsWith("death-margin = 010 s"))
                .containsExactly("lockstep.conf:4: death-margin: needs a duration or auto, not the text \"010 s\";"
                        + " write it like 500 ms, 2 s, 1 min or 1 h");
    }

    @Test
    void namesTheWordThatADurationMayBe() {
        assertThat(problemsWith("agent-dead-after = NEVER"))
                .containsExactly("lockstep.conf:4: agent-dead-after: needs a duration or never, not the text \"NEVER\";"
                        + " write it like 500 ms, 2 s, 1 min or 1 h");
        assertThat(problemsWith("wake-ups.bind = any"))
                .containsExactly("lockstep.conf:4: wake-ups.bind: needs auto or an IP address in numbers,"
                        + " not the text \"any\"");
    }

    @Test
    void refusesANumberOutsideItsRange() {
        assertThat(problemsWith("dead-threshold = 2"))
                .containsExactly("lockstep.conf:4: dead-threshold: 2 is outside 3 to 3600");
    }

    @Test
    void refusesABareNumberForADuration() {
        assertThat(problemsWith("death-margin = 2000"))
                .containsExactly("lockstep.conf:4: death-margin: needs a duration or auto, not 2000;"
                        + " write it like 500 ms, 2 s, 1 min or 1 h");
    }

    @Test
    void refusesABareNumberInQuotesForADuration() {
        assertThat(problemsWith("heartbeat-period = \"2\""))
                .containsExactly("lockstep.conf:4: heartbeat-period: needs a duration, not the text \"2\";"
                        + " write it like 500 ms, 2 s, 1 min or 1 h");
    }

    @Test
    void refusesADurationOutsideItsRange() {
        assertThat(problemsWith("death-margin = 1 h"))
                .containsExactly("lockstep.conf:4: death-margin: 1 h is outside 0 s to 600 s");
    }

    @Test
    void refusesAnythingButTrueOrFalseForAFlag() {
        assertThat(problemsWith("wake-ups.enabled = yes"))
                .containsExactly("lockstep.conf:4: wake-ups.enabled: needs true or false, not the text \"yes\"");
    }

    @Test
    void refusesANumberForAGroup() {
        assertThat(problemsWith("dlm = 21064"))
                .containsExactly("lockstep.conf:4: dlm: needs a group in { }, not 21064");
    }

    @Test
    void refusesATextForAList() {
        assertThat(problemsWith("dlm.nodir = \"lvm_*\""))
                .containsExactly("lockstep.conf:4: dlm.nodir: needs a list in [ ], not the text \"lvm_*\"");
    }

    @Test
    void refusesNull() {
        assertThat(problemsWith("dead-threshold = null"))
                .containsExactly("lockstep.conf:4: dead-threshold: null is no value;"
                        + " leave the setting out for its default");
    }

    @Test
    void refusesAWordThatIsNoChoice() {
        assertThat(problemsWith("heartbeat = kernal"))
                .containsExactly("lockstep.conf:4: heartbeat: needs one of kernel, not the text \"kernal\";"
                        + " did you mean kernel?");
    }

    @Test
    void refusesToFenceByNoCommand() {
        assertThat(problemsWith("fence = command"))
                .containsExactly("lockstep.conf:4: fence: command needs a fence-command, such as"
                        + " [ \"/usr/sbin/fence-node\", \"{name}\" ]");
    }

    @Test
    void refusesAFenceCommandThatCannotRun() {
        assertThat(problemsWith("fence = command\nfence-command = [ reboot ]"))
                .containsExactly("lockstep.conf:5: fence-command: needs the program's absolute path, not \"reboot\"");
        assertThat(problemsWith("fence = command\nfence-command = [ /bin/true, 7 ]"))
                .singleElement()
                .asString()
                .contains("lockstep.conf:5: fence-command[1]: needs a text");
    }

    @Test
    void onlyDoubtsAFenceCommandThatIsNotThereOrCannotRun() throws InvalidSettings {
        for (String program : List.of("/nonexistent/fence", "/etc/passwd", "/etc")) {
            assertThat(loaded("fence = command\nfence-command = [ " + program + " ]")
                            .doubts())
                    .extracting(Problem::line, Problem::message)
                    .containsExactly(tuple(5, "fence-command: " + program + " is no executable file"));
        }
        assertThat(loaded("fence = command\nfence-command = [ /bin/true ]").doubts())
                .isEmpty();
        assertThat(problemsWith("fence = command\nfence-command = [ /etc ]\nfoo = 1"))
                .as("told with the problems")
                .containsExactly(
                        "lockstep.conf:5: fence-command: /etc is no executable file",
                        "lockstep.conf:6: unknown setting foo");
    }

    @Test
    void refusesPlaceholdersThatStandForNothing() {
        assertThat(problemsWith(
                        "fence = command\nfence-command = [ /bin/true, \"--n={node}\", \"{nmae}\", \"}\", \"{boot\" ]"))
                .containsExactlyInAnyOrder(
                        "lockstep.conf:5: fence-command: {nmae} in \"{nmae}\" stands for nothing; there are"
                                + " {node}, {name}, {address}, {boot}, {generation}",
                        "lockstep.conf:5: fence-command: } in \"}\" stands for nothing; there are"
                                + " {node}, {name}, {address}, {boot}, {generation}",
                        "lockstep.conf:5: fence-command: {boot in \"{boot\" stands for nothing; there are"
                                + " {node}, {name}, {address}, {boot}, {generation}");
    }

    @Test
    void refusesAFenceCommandThatNothingRuns() {
        assertThat(problemsWith("fence-command = [ /bin/true ]"))
                .containsExactly("lockstep.conf:4: fence-command: is run only with fence = command;"
                        + " set that, or leave this out");
    }

    @Test
    void refusesSctpByName() {
        assertThat(problemsWith("dlm.protocol = sctp"))
                .containsExactly("lockstep.conf:4: dlm.protocol: sctp is not supported; use tcp");
    }

    @Test
    void refusesARelativePath() {
        assertThat(problemsWith("paths.state = lib/lockstep"))
                .containsExactly(
                        "lockstep.conf:4: paths.state: needs an absolute path," + " not the text \"lib/lockstep\"");
    }

    @Test
    void refusesASocketPathThatTheKernelCannotTake() {
        String tooLong = "/run/" + "x".repeat(101);

        assertThat(problemsWith("paths.control-socket = " + tooLong))
                .containsExactly("lockstep.conf:4: paths.control-socket: needs an absolute path of at most 105 bytes,"
                        + " not the text \"" + tooLong + "\"");
    }

    @Test
    void refusesAnotherPeriodForTheKernel() {
        assertThat(problemsWith("heartbeat-period = 500 ms"))
                .containsExactly(
                        "lockstep.conf:4: heartbeat-period: the kernel beats every 2 s, and nothing" + " changes that");
    }

    /** Refused by the agent, so the check must not call it good. */
    @Test
    void refusesTheAgentsOwnHeartbeatHoweverANodeIsFenced() {
        for (String fence : List.of("self", "manual", "command, fence-command = [ /bin/true ]")) {
            assertThat(problemsWith("heartbeat = agent\nfence = " + fence))
                    .containsExactly("lockstep.conf:4: heartbeat: the agent's own heartbeat has no watchdog yet, so its"
                            + " silence proves nothing; use kernel");
        }
    }

    @Test
    void refusesAClusterNameThatO2cbCannotTake() {
        assertThat(problemsWith("cluster-name = my-cluster"))
                .containsExactly("lockstep.conf:4: cluster-name: O2CB takes 1 to 16 letters and digits,"
                        + " not \"my-cluster\"");
    }

    @Test
    void refusesAnIpv6AddressWhereO2cbIsSetUp() {
        assertThat(problemsOf("nodes = [ { number = 1, name = alpha, address = \"fd00::1\" } ]"))
                .containsExactly("lockstep.conf:1: node alpha: O2CB knows IPv4 addresses only;"
                        + " with IPv6 here somebody else must set it up (o2cb.setup = false)");
    }

    @Test
    void refusesOnePortForTwoListeners() {
        assertThat(problemsWith("dlm.port = 7777"))
                .containsExactly(
                        "lockstep.conf:1: node alpha: O2CB's port 7777 is also dlm.port; both are TCP",
                        "lockstep.conf:2: node beta: O2CB's port 7777 is also dlm.port; both are TCP");
    }

    @Test
    void tellsEveryProblemAtOnceInTheOrderOfTheFile() {
        assertThat(problemsWith("fence = reset\ndead-threshold = 0\nfoo = 1\ndlm.port = 70000"))
                .containsExactly(
                        "lockstep.conf:4: fence: needs one of self, command, manual, not the text \"reset\"",
                        "lockstep.conf:5: dead-threshold: 0 is outside 3 to 3600",
                        "lockstep.conf:6: unknown setting foo",
                        "lockstep.conf:7: dlm.port: 70000 is outside 1 to 65535");
    }

    @Test
    void tellsWhereAFileCannotBeParsed() {
        assertThat(problemsWith("dlm { port = 21064\n"))
                .containsExactly("lockstep.conf:4: a bracket that is opened here is still open at the end of the file");
    }

    @Test
    void refusesAMissingFileThatWasAskedFor() {
        assertThat(new ConfigFolder(temp).problems()).containsExactly("lockstep.conf: no such file");
    }

    @Test
    void namesTheFileOfConfDThatIsWrong() {
        assertThat(new ConfigFolder(temp)
                        .file("lockstep.conf", ConfigFolder.NODES)
                        .file("conf.d/10-ports.conf", "\ndlm.port = 0\n")
                        .problems())
                .containsExactly("conf.d/10-ports.conf:2: dlm.port: 0 is outside 1 to 65535");
    }

    @Test
    void namesTheFlagThatIsWrong() {
        assertThat(new ConfigFolder(temp)
                        .file("lockstep.conf", ConfigFolder.NODES)
                        .flag("dlm.prot", "21064")
                        .problems())
                .containsExactly("--set dlm.prot: unknown setting dlm.prot; did you mean dlm.port?");
    }

    @Test
    void namesTheVariableThatIsWrong() {
        assertThat(new ConfigFolder(temp)
                        .file("lockstep.conf", ConfigFolder.NODES)
                        .environment("LOCKSTEP_DLM_PROT", "21064")
                        .environment("LOCKSTEP_DEAD_THRESHOLD", "many")
                        .problems())
                .containsExactly(
                        "environment LOCKSTEP_DEAD_THRESHOLD: dead-threshold: needs a whole number, 3 to 3600,"
                                + " not the text \"many\"",
                        "environment LOCKSTEP_DLM_PROT: sets nothing; did you mean LOCKSTEP_DLM_PORT?");
    }

    @Test
    void refusesAValueThatNeedsQuotes() {
        assertThat(new ConfigFolder(temp)
                        .file("lockstep.conf", ConfigFolder.NODES)
                        .flag("cluster-name", "a{b")
                        .problems())
                .containsExactly("--set cluster-name: cannot be read: a{b;"
                        + " special characters need double quotes around the value");
    }
}
