// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.sim.search;

import dev.lockstep.board.Eviction;
import dev.lockstep.board.LockspaceEntry;
import dev.lockstep.board.Report;
import dev.lockstep.domain.BootId;
import dev.lockstep.domain.Generation;
import dev.lockstep.domain.JoinNumber;
import dev.lockstep.domain.Member;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.domain.View;
import dev.lockstep.kernel.Memory;
import dev.lockstep.kernel.Mutation;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * A machine's canonical form: everything its future depends on, and nothing else. Moments are left out but for the
 * order of those that rules compare; see the package's description.
 */
@SuppressWarnings("EnumOrdinal") // numbers for one search, kept nowhere
final class Canon {
    private static final BootId NOBODY = new BootId(1, 0);

    private final Cluster cluster;
    private final Renaming names;
    /** Nodes are kept in the order of their own numbers: only others have to be sorted. */
    private final boolean sorted;

    private final Fingerprint.Mixer out = new Fingerprint.Mixer();

    private Canon(Cluster cluster, Renaming names) {
        this.cluster = cluster;
        this.names = names;
        sorted = names.isNone();
    }

    static Fingerprint of(Cluster cluster, Renaming names, Machine machine) {
        Canon canon = new Canon(cluster, names);
        canon.machine(machine);
        return canon.out.done();
    }

    static Fingerprint of(Cluster cluster, Renaming names, View view) {
        Canon canon = new Canon(cluster, names);
        canon.view(view);
        return canon.out.done();
    }

    static Fingerprint of(Cluster cluster, Renaming names, Report report) {
        Canon canon = new Canon(cluster, names);
        canon.report(report);
        return canon.out.done();
    }

    private void machine(Machine machine) {
        out.put(names.of(machine.number()));
        out.put(machine.boots());
        out.put(machine.up());
        out.put(machine.overflow());
        out.put(machine.losesNext());
        out.put(machine.created());
        out.put(cluster.losesReports() ? machine.lastSeq() : 0);
        for (Machine.Beat beat : machine.beats()) {
            out.put(((long) beat.sessions() << 2) | (beat.present() ? 2 : 0) | (beat.beating() ? 1 : 0));
        }
        machine.spaces().forEach((name, space) -> {
            out.put(cluster.lockspaces.indexOf(name));
            space(space);
        });
        out.put(-1);
        comms(machine.comms());
        for (Optional<Machine.Writing> writing : machine.writings()) {
            out.put(writing.isPresent());
            writing.ifPresent(w -> {
                out.put(w.landed());
                report(w.report());
            });
        }
        for (Optional<Machine.Reading> reading : machine.readings()) {
            out.put(reading.isPresent());
            reading.ifPresent(r -> r.blocks().forEach(this::report));
        }
        out.put(machine.hasAgent());
        if (machine.state().isPresent()) {
            new CanonOfCore(cluster, names, this, out, machine).state();
        } else {
            memory(machine.memory());
        }
    }

    private void space(Space space) {
        out.put(space.everStarted());
        out.put(space.running());
        out.put(space.inRelease());
        out.put(space.epoch().value());
        view(space.view());
        view(space.configured());
        nodes(space.fresh());
        view(space.taken());
        out.put(space.status());
        out.put(space.asks().map(Enum::ordinal).orElse(-1));
    }

    void memory(Memory memory) {
        out.put(memory.lasting().floor().value());
        evictions(memory.lasting().evictions());
        out.put(cluster.losesReports() ? memory.lasting().seqBound() : 0);
        out.put(memory.mustGo());
        comms(memory.comms());
        memory.lockspaces().forEach((name, known) -> {
            out.put(cluster.lockspaces.indexOf(name));
            view(known.view());
            out.put(known.epoch().value());
            view(known.processed());
            out.put(known.unanswered().map(Enum::ordinal).orElse(-1));
            out.put(known.leaving());
        });
        out.put(-1);
    }

    void comms(SortedMap<NodeNumber, BootId> comms) {
        for (NodeNumber node : inOrder(comms.keySet())) {
            out.put(names.of(node));
            boot(comms.getOrDefault(node, NOBODY));
        }
        out.put(-1);
    }

    void nodes(SortedSet<NodeNumber> nodes) {
        for (NodeNumber node : inOrder(nodes)) {
            out.put(names.of(node));
        }
        out.put(-1);
    }

    private Collection<NodeNumber> inOrder(Collection<NodeNumber> nodes) {
        return sorted
                ? nodes
                : nodes.stream().sorted(Comparator.comparingInt(names::of)).toList();
    }

    void generation(Generation generation) {
        int node = Machine.node(generation);
        out.put(node == 0 ? 0 : generation.value() + (names.of(node) - node) * Machine.GENERATIONS_PER_NODE);
    }

    void boot(BootId boot) {
        out.put(names.of((int) boot.high()));
        out.put(boot.low());
    }

    void view(View view) {
        out.put(view.members().size());
        List<Member> members = sorted
                ? view.members()
                : view.members().stream()
                        .sorted(Comparator.comparingInt(m -> names.of(m.node())))
                        .toList();
        for (Member member : members) {
            boot(member.boot());
            generation(member.generation());
            out.put(Cluster.create(member.join()));
        }
    }

    void report(Optional<Report> report) {
        out.put(report.isPresent());
        report.ifPresent(this::report);
    }

    void report(Report report) {
        out.put(cluster.region(report.region()));
        out.put(names.of(report.node()));
        boot(report.boot());
        generation(report.generation());
        out.put(cluster.losesReports() ? report.seq() : 0);
        out.put(report.mustGo());
        out.put(report.floor().value());
        evictions(report.evictions());
        out.put(report.lockspaces().size());
        for (LockspaceEntry entry : report.lockspaces()) {
            out.put(cluster.lockspaces.indexOf(entry.name()));
            out.put(Cluster.create(entry.join()));
            out.put(entry.phase().code());
            out.put(entry.epoch().value());
            view(cluster.view(entry.digest()));
        }
    }

    /** Their order is only kept among those of one node. */
    void evictions(List<Eviction> evictions) {
        List<Eviction> ordered = evictions.size() < 2
                ? evictions
                : evictions.stream()
                        .sorted(Comparator.comparingInt(e -> names.of(e.node())))
                        .toList();
        for (Eviction eviction : ordered) {
            boot(eviction.boot());
            generation(eviction.generation());
            out.put(eviction.kind().code());
        }
        out.put(-1);
    }

    void mutation(Optional<Mutation> inFlight) {
        Mutation mutation = inFlight.orElse(null);
        if (mutation == null) {
            out.put(-1);
        } else if (mutation instanceof Mutation.Start start) {
            out.put(1);
            out.put(start.epoch().value());
            view(start.view());
            nodes(start.renew());
        } else if (mutation instanceof Mutation.Stop) {
            out.put(2); // why it stops is for the log
        } else if (mutation instanceof Mutation.ResetNode) {
            out.put(3);
        } else {
            throw new IllegalStateException("not carried out at once: " + mutation);
        }
    }

    void join(Optional<JoinNumber> join) {
        out.put(join.map(Cluster::create).orElse(-1L));
    }
}
