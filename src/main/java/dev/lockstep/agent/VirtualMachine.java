// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.agent;

import dev.lockstep.config.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this machine is virtual, told as systemd-detect-virt does: by its firmware's names, by the processor's
 * hypervisor bit, by what the kernel says of its hypervisor. A virtual machine can be paused, and then finishes its
 * writes whenever it likes.
 */
final class VirtualMachine {
    private static final Logger LOG = LoggerFactory.getLogger(VirtualMachine.class);

    /** What virtual machines' firmware calls its maker or its product, in lower case. */
    private static final List<String> FIRMWARE = List.of(
            "qemu",
            "kvm",
            "vmware",
            "vmw",
            "innotek",
            "virtualbox",
            "xen",
            "bochs",
            "parallels",
            "bhyve",
            "amazon ec2",
            "google compute engine",
            "openstack",
            "hyper-v",
            "virtual machine",
            "rhev",
            "ovirt");

    private final Path root;

    /**
     * @param root where /sys and /proc are found
     */
    VirtualMachine(Path root) {
        this.root = root;
    }

    static VirtualMachine ofThisMachine() {
        return new VirtualMachine(Path.of("/"));
    }

    /** Says loudly, once, what self-fencing cannot cover here. */
    void warn(Settings settings) {
        Optional<String> sign = sign();
        if (settings.fence() == Settings.Fence.SELF && sign.isPresent()) {
            LOG.warn(
                    "THIS IS A VIRTUAL MACHINE ({}) AND fence = self: if it is paused past the dead threshold, the"
                            + " others take it for dead, and it finishes its outstanding writes when it resumes. Set"
                            + " fence = command or manual, unless nobody ever pauses or migrates it",
                    sign.get());
        }
    }

    /** {@return what tells that this machine is virtual; empty if nothing does} */
    Optional<String> sign() {
        for (String name : List.of("sys_vendor", "product_name", "board_vendor", "bios_vendor")) {
            String said = line("sys/class/dmi/id/" + name);
            if (FIRMWARE.stream().anyMatch(said.toLowerCase(Locale.ROOT)::contains)) {
                return Optional.of(name + " is " + said);
            }
        }
        String hypervisor = line("sys/hypervisor/type");
        if (!hypervisor.isEmpty()) {
            return Optional.of("hypervisor " + hypervisor);
        }
        return hypervisorBit() ? Optional.of("the processor says that it runs under a hypervisor") : Optional.empty();
    }

    private boolean hypervisorBit() {
        try (var lines = Files.lines(root.resolve("proc/cpuinfo"), StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.startsWith("flags"))
                    .anyMatch(line -> List.of(line.split("\\s+")).contains("hypervisor"));
        } catch (IOException e) {
            LOG.debug("no cpuinfo", e);
            return false;
        }
    }

    private String line(String file) {
        try {
            return Files.readString(root.resolve(file), StandardCharsets.ISO_8859_1)
                    .strip();
        } catch (IOException e) {
            LOG.debug("not there: {}", file, e);
            return "";
        }
    }
}
