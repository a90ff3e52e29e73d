// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VirtualMachineTest {
    @TempDir
    Path root;

    private VirtualMachine with(String file, String text) throws IOException {
        Path at = root.resolve(file);
        Files.createDirectories(at.getParent());
        Files.writeString(at, text);
        return new VirtualMachine(root);
    }

    @Test
    void aMachineThatSaysNothingIsNotVirtual() throws IOException {
        assertThat(new VirtualMachine(root).sign()).isEmpty();
        with("sys/class/dmi/id/sys_vendor", "Dell Inc.\n");
        assertThat(with("proc/cpuinfo", "processor : 0\nflags\t\t: fpu vme de pse\n")
                        .sign())
                .isEmpty();
    }

    @Test
    void firmwareTells() throws IOException {
        assertThat(with("sys/class/dmi/id/sys_vendor", "QEMU\n").sign()).contains("sys_vendor is QEMU");
    }

    @Test
    void theProductTellsWhereTheMakerDoesNot() throws IOException {
        with("sys/class/dmi/id/sys_vendor", "Microsoft Corporation\n");
        assertThat(with("sys/class/dmi/id/product_name", "Virtual Machine\n").sign())
                .isPresent();
    }

    @Test
    void theProcessorTells() throws IOException {
        assertThat(with("proc/cpuinfo", "processor : 0\nflags\t\t: fpu vme hypervisor lahf_lm\n")
                        .sign())
                .isPresent();
    }

    @Test
    void theKernelTells() throws IOException {
        assertThat(with("sys/hypervisor/type", "xen\n").sign()).contains("hypervisor xen");
    }
}
