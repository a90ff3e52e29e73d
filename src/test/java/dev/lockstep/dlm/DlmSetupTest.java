// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.dlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.domain.NodeId;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.kernelfs.KernelModules;
import dev.lockstep.kernelfs.NotReady;
import dev.lockstep.kernelfs.Processes;
import dev.lockstep.kernelfs.SetupRefused;
import dev.lockstep.nativeio.Errno;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DlmSetupTest {
    private static final ClusterSettings SETTINGS = new ClusterSettings("alpha", 21064, 0, false);

    private final FakeDlmTree tree = new FakeDlmTree();
    private final FakeModules modules = new FakeModules();
    private String log = "";

    @TempDir
    Path proc;

    private DlmNode own = new DlmNode(NodeNumber.of(0), new NodeId(1), InetAddress.getLoopbackAddress(), 0);

    @BeforeEach
    void ownAddress() throws IOException {
        own = new DlmNode(NodeNumber.of(0), new NodeId(1), InetAddress.getByName("192.0.2.1"), 5);
    }

    @Test
    void aFreshKernelGetsSettingsThenTheOwnCommWithLocalLast() throws IOException {
        prepare();

        assertThat(tree.journal)
                .containsExactly(
                        "load dlm",
                        "mkdir /c/cluster",
                        "cluster_name = alpha",
                        "recover_callbacks = 1",
                        "mkdir comms/1",
                        "comms/1/nodeid = 1",
                        "comms/1/addr = 2:0:192.0.2.1",
                        "comms/1/mark = 5",
                        "comms/1/local = 1");
    }

    @Test
    void underLockspacesASecondStartChangesNothing() throws IOException {
        prepare();
        tree.withLockspace("foo", 1, 0xff);
        tree.journal.clear();

        prepare();

        assertThat(tree.journal).isEmpty();
    }

    @Test
    void anIdleModuleIsLoadedAnew() throws IOException {
        prepare();
        tree.makeDirectory("/c/cluster/spaces/old");
        tree.makeDirectory("/c/cluster/spaces/old/nodes/7");
        tree.journal.clear();

        prepare();

        assertThat(tree.journal)
                .startsWith(
                        "rmdir spaces/old/nodes/7",
                        "rmdir spaces/old",
                        "rmdir comms/1",
                        "rmdir /c/cluster",
                        "unload dlm",
                        "load dlm",
                        "mkdir /c/cluster")
                .endsWith("comms/1/local = 1");
    }

    @Test
    void whatItWouldDoIsToldAndNotDone() throws IOException {
        String setUp = "set up fs/dlm: cluster_name alpha, recover_callbacks 1, mark 0, log_debug 0, protocol 0,"
                + " tcp_port 21064, this node's comm 1 at 192.0.2.1";
        assertThat(plan()).containsExactly("load module dlm", setUp);
        assertThat(tree.journal).isEmpty();

        prepare();
        tree.journal.clear();
        assertThat(plan()).containsExactly("load the idle module dlm anew", setUp);

        tree.withLockspace("foo", 1, 0xff);
        assertThat(plan()).as("all is done").isEmpty();
        tree.set("/c/cluster/tcp_port", "21000\n");
        assertThat(plan()).containsExactly(setUp);
        tree.set("/c/cluster/tcp_port", "21064\n");
        tree.set("/c/cluster/comms/1/local", "0\n");
        assertThat(plan()).containsExactly(setUp);
        assertThat(tree.journal).isEmpty();
    }

    @Test
    void aModuleInUseIsKeptAndSetUp() throws IOException {
        prepare();
        modules.inUse = true;
        tree.journal.clear();

        prepare();

        assertThat(tree.journal).doesNotContain("unload dlm").endsWith("comms/1/local = 1");
    }

    @Test
    void dlmControldIsRefused() throws IOException {
        process(4711, "dlm_controld", 0, 0);

        assertThatThrownBy(this::prepare)
                .isInstanceOf(SetupRefused.class)
                .hasMessageContaining("4711")
                .hasMessageContaining("systemctl disable --now dlm.service");
        assertThat(tree.journal).isEmpty();
    }

    /** The name is anybody's to choose, by a link to a setuid program with root's effective uid, too. */
    @Test
    void whatAUserCallsDlmControldKeepsNoAgentFromStarting() throws IOException {
        process(4711, "dlm_controld", 1000, 1000);
        process(4712, "dlm_controld", 1000, 0);

        prepare();

        assertThat(tree.journal).endsWith("comms/1/local = 1");
    }

    @Test
    void whoeverHoldsTheMonitorIsRefused() throws IOException {
        Path fds = Files.createDirectories(proc.resolve("4711/fd"));
        Files.createSymbolicLink(fds.resolve("0"), Path.of("/dev/null"));
        Files.createSymbolicLink(fds.resolve("3"), Path.of("/dev/misc/dlm-monitor"));

        assertThatThrownBy(this::prepare).isInstanceOf(SetupRefused.class).hasMessageContaining("4711");
    }

    @Test
    void lockspacesAbandonedByADaemonAreRefusedUntilTheModuleIsLoadedAgain() throws IOException {
        prepare();
        tree.withLockspace("foo", 1, 0);
        log = "<6>[1.0] DLM installed\n<6>[9.0] dlm: dlm user daemon left 1 lockspaces\n";

        assertThatThrownBy(this::prepare).isInstanceOf(SetupRefused.class).hasMessageContaining("foo");

        log += "<6>[10.0] DLM installed\n";
        tree.journal.clear();
        prepare();
        assertThat(tree.journal).isEmpty();
    }

    @Test
    void anotherPortUnderLockspacesIsAnErrorThatNamesBoth() throws IOException {
        prepare();
        tree.withLockspace("foo", 1, 0xff);
        tree.set("/c/cluster/tcp_port", "21000\n");
        tree.failOnce("/c/cluster/tcp_port", Errno.EBUSY);

        assertThatThrownBy(this::prepare)
                .isInstanceOf(SetupRefused.class)
                .hasMessageContaining("21000")
                .hasMessageContaining("21064");
    }

    @Test
    void anotherLocalNodeIsRefused() throws IOException {
        prepare();
        tree.withLockspace("foo", 1, 0xff);
        tree.makeDirectory("/c/cluster/comms/2");
        tree.set("/c/cluster/comms/2/local", "1\n");

        assertThatThrownBy(this::prepare).isInstanceOf(SetupRefused.class).hasMessageContaining("comms/2");
    }

    @Test
    void aClusterDirectoryThatIsNotOursIsRefused() throws IOException {
        tree.makeDirectory("/c/other");

        assertThatThrownBy(this::prepare).isInstanceOf(SetupRefused.class).hasMessageContaining("/c/other");
    }

    @Test
    void aNameWithALineFeedIsWrittenAgain() throws IOException {
        prepare();
        tree.withLockspace("foo", 1, 0xff);
        tree.set("/c/cluster/cluster_name", "alpha\n\n");
        tree.journal.clear();

        prepare();

        assertThat(tree.journal).containsExactly("cluster_name = alpha");
    }

    @Test
    void configfsThatIsNotMountedYetIsLeftToAnotherTry() {
        DlmPaths unmounted = new DlmPaths("/s", "/unmounted");
        DlmSetup early = new DlmSetup(tree, unmounted, modules, new Processes(proc), () -> log);

        assertThatThrownBy(() -> early.prepare(SETTINGS, own))
                .isInstanceOf(NotReady.class)
                .hasMessageContaining("mount configfs");
    }

    private void process(int pid, String name, int uid, int effectiveUid) throws IOException {
        Path process = Files.createDirectory(proc.resolve(Integer.toString(pid)));
        Files.writeString(process.resolve("comm"), name + "\n");
        Files.writeString(
                process.resolve("status"),
                "Name:\t" + name + "\nUmask:\t0022\nUid:\t" + uid + "\t" + effectiveUid + "\t" + effectiveUid + "\t"
                        + effectiveUid + "\nGid:\t0\t0\t0\t0\n");
    }

    private void prepare() throws IOException {
        setup().prepare(SETTINGS, own);
    }

    private List<String> plan() throws IOException {
        return setup().plan(SETTINGS, own);
    }

    private DlmSetup setup() {
        return new DlmSetup(tree, FakeDlmTree.PATHS, modules, new Processes(proc), () -> log);
    }

    private final class FakeModules implements KernelModules {
        private boolean loaded;
        private boolean inUse;

        @Override
        public boolean isLoaded(String module) {
            return loaded;
        }

        @Override
        public void load(String module) {
            if (!loaded) {
                loaded = true;
                tree.journal.add("load " + module);
            }
        }

        @Override
        public void unload(String module) throws IOException {
            if (inUse) {
                throw new IOException("modprobe: FATAL: Module dlm is in use.");
            }
            loaded = false;
            tree.journal.add("unload " + module);
        }
    }
}
