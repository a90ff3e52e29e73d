// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.Phase;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.domain.Member;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.View;
import dev.lockstep.kernel.Mutation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** P7: comms/N belongs to one boot of N. */
final class Comms {

    private Comms() {}

    /** Whether the peer's present comm must go: its boot is over, or nobody knows whose it is. */
    static boolean doomed(State state, NodeNumber node) {
        if (state.node().strayComms().contains(node)) {
            return true;
        }
        BootId boot = state.node().comms().get(node);
        if (boot == null) {
            return false;
        }
        return Deaths.over(state, node, boot);
    }

    /** Whether it may go at any moment, whatever has become of the reason meanwhile. */
    static boolean isBeingRemoved(State state, NodeNumber node) {
        return state.node()
                .inFlight()
                .filter(m ->
                        m instanceof Mutation.RemoveComm remove && remove.node().equals(node))
                .isPresent();
    }

    /** {@return the lockspaces under which removing the peer's comm would panic the kernel, or fake a failure} */
    static List<LockspaceName> users(State state, NodeNumber node) {
        List<LockspaceName> users = new ArrayList<>();
        for (LockspaceState lockspace : state.lockspaces().values()) {
            KernelSide kernel = lockspace.kernel();
            boolean has = kernel.given().has(node)
                    || kernel.given().equals(View.EMPTY)
                    || kernel.inFlight()
                            .filter(m -> m instanceof Mutation.Start start
                                    && start.view().has(node))
                            .isPresent();
            // A clean leaver's comm stays until the recovery without it has taken the members in.
            boolean pending =
                    kernel.processed().has(node) && !kernel.processed().equals(kernel.given());
            if ((kernel.mayRun() || isUnclaimed(lockspace)) && (has || pending)) {
                users.add(lockspace.name());
            }
        }
        return users;
    }

    /** Found in the kernel, with whom nobody knows yet: the board that tells may be one that is still to come. */
    private static boolean isUnclaimed(LockspaceState lockspace) {
        KernelSide kernel = lockspace.kernel();
        return lockspace.phase().isEmpty()
                && !lockspace.uncontrolled()
                && kernel.run() != KernelSide.Run.BORN
                && !kernel.forgotten();
    }

    /** The comm work that can be done now. */
    static void plan(Draft draft) {
        State state = draft.state();
        for (NodeNumber node : state.facts().others()) {
            if (doomed(state, node)) {
                if (users(state, node).isEmpty()) {
                    draft.mutate(new Mutation.RemoveComm(node, why(state, node)));
                    return;
                }
            } else if (!state.node().hasComm(node)) {
                Optional<BootId> wanted = wanted(state, node);
                if (wanted.isPresent()) {
                    draft.mutate(new Mutation.AddComm(node, wanted.get()));
                    return;
                }
            }
        }
    }

    private static String why(State state, NodeNumber node) {
        BootId boot = state.node().comms().get(node);
        if (boot == null) {
            return "made by nobody known";
        }
        return state.provenDead(node, boot) ? "boot " + boot + " is proven dead" : "boot " + boot + " was replaced";
    }

    /** The boot a stopped lockspace's next start needs a comm for. */
    private static Optional<BootId> wanted(State state, NodeNumber node) {
        for (LockspaceState lockspace : state.lockspaces().values()) {
            Optional<Member> member = lockspace.view().member(node);
            if (lockspace.in(Phase.STOPPED)
                    && member.isPresent()
                    && !state.evicted(node, member.get().boot())) {
                return Optional.of(member.get().boot());
            }
        }
        return Optional.empty();
    }
}
