// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.core;

import dev.lockstep.board.BlockReading;
import dev.lockstep.board.Report;
import dev.lockstep.domain.Epoch;
import dev.lockstep.domain.NodeNumber;
import dev.lockstep.event.LogEvent;
import dev.lockstep.evidence.Evidence;
import dev.lockstep.heartbeat.SlotReading;
import dev.lockstep.heartbeat.SlotState;
import dev.lockstep.heartbeat.SlotTiming;
import dev.lockstep.sorted.SortedArrayMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Evidence on one region: its presence, its slots, its board. */
final class ObserveRegion {

    private ObserveRegion() {}

    static void apply(Turn turn, Evidence.OfRegion evidence) {
        if (evidence instanceof Evidence.RegionFound found) {
            found(turn, found);
            return;
        }
        RegionState region = turn.state().regions().get(evidence.region());
        if (evidence instanceof Evidence.RegionMissing missing) {
            missing(turn, Optional.ofNullable(region), missing);
            return;
        }
        if (evidence instanceof Evidence.RegionUnneeded) {
            Optional.ofNullable(region).ifPresent(known -> unneeded(turn, known));
            return;
        }
        if (region == null && evidence instanceof Evidence.PeerHeard) {
            return; // a volume that is in use there and not here: every report of it is a wake-up
        }
        if (region == null) {
            turn.region(LogEvent.Type.BAD_INPUT, evidence.region(), "evidence on a region nobody announced");
            return;
        }
        if (evidence instanceof Evidence.RegionGone gone) {
            turn.state(turn.state().with(region.withPresence(false, region.copyBytes(), gone.why())));
            turn.region(LogEvent.Type.REGION, region.id(), "gone: " + gone.why());
            Recall.unlisted(turn); // it may have been the last that was not read
            turn.dirtyAll();
        } else if (evidence instanceof Evidence.RegionFailing failing) {
            if (!region.trouble().equals(failing.what())) {
                turn.region(LogEvent.Type.REGION, region.id(), failing.what());
                turn.dirtyAll(); // reasons show it
            }
            turn.state(turn.state().with(region.failing(failing.what())));
        } else if (evidence instanceof Evidence.SlotsScanned scan) {
            slots(turn, region, scan);
        } else if (evidence instanceof Evidence.BoardScanned scan) {
            board(turn, region, scan);
        } else if (evidence instanceof Evidence.ReportSubmitted submitted) {
            // What was planned when it was handed over stands: it is due no more, and not on the board yet.
            turn.state(turn.state().with(region.with(region.own().submitted(submitted.report()))));
        } else if (evidence instanceof Evidence.ReportPublished published) {
            published(turn, region, published.report(), published.atNs());
        } else if (evidence instanceof Evidence.PeerHeard heard) {
            heard(turn, region, heard);
        }
    }

    private static void found(Turn turn, Evidence.RegionFound found) {
        RegionState known = turn.state().regions().get(found.region());
        RegionState region = known == null
                ? RegionState.found(found.region(), found.named(), found.copyBytes(), found.trouble())
                : known.withNamed(found.named())
                        .withPresence(true, known.room(found.copyBytes()), found.trouble())
                        .with(known.own().handedBack());
        turn.state(turn.state().with(region));
        turn.region(
                LogEvent.Type.REGION,
                region.id(),
                found.trouble().isEmpty() ? "found" : "found, but: " + found.trouble());
        Recall.unlisted(turn); // if it has no board, nothing has to be read of it
        turn.dirtyAll();
    }

    private static void missing(Turn turn, Optional<RegionState> known, Evidence.RegionMissing missing) {
        if (known.filter(RegionState::present).isPresent()) {
            return; // found meanwhile
        }
        turn.state(turn.state()
                .with(known.map(region -> region.withPresence(false, 0, missing.why()))
                        .orElseGet(() -> RegionState.missing(missing.region(), missing.why()))));
        turn.region(LogEvent.Type.REGION, missing.region(), "not there: " + missing.why());
        Recall.unlisted(turn); // another region may be the only one now
        turn.dirtyAll();
    }

    /** From here on nothing joins by it; whoever offered it may stop it. */
    private static void unneeded(Turn turn, RegionState region) {
        if (VolumeRegions.isNeeded(turn.state(), region)) {
            return;
        }
        if (region.isNowhere()) {
            turn.state(turn.state().without(region.id()));
        } else if (region.present()) {
            turn.state(turn.state().with(region.withPresence(false, region.copyBytes(), "no lockspace needs it")));
            turn.region(LogEvent.Type.REGION, region.id(), "no lockspace needs it any more");
        }
        Recall.unlisted(turn);
        turn.dirtyAll();
    }

    private static void slots(Turn turn, RegionState region, Evidence.SlotsScanned scan) {
        ClusterFacts facts = turn.state().facts();
        SlotState ownBefore = region.slot(facts.self());
        SlotState own = watched(facts, ownBefore, next(facts, facts.self(), ownBefore, scan, false), scan);
        // Rule b: silence counts only while our own slot moves, and after a stall all counts begin anew.
        boolean counts = own.isLive() && own.seq() != region.beats().countedSeq();
        boolean stalled = !own.isLive()
                || scan.startedNs() - own.lastChangeNs() > 2 * facts.periodNs()
                || scan.startedNs() - ownBefore.lastChangeNs() > 3 * facts.periodNs(); // nobody watched the stall
        List<SlotState> slots = new ArrayList<>(facts.nodes().size());
        boolean news = Moments.ownBeatIsIrregular(turn.state(), ownBefore, own);
        for (NodeNumber node : facts.nodes()) {
            SlotState before = region.slot(node);
            SlotState after = node.equals(facts.self())
                    ? own
                    : bounded(facts, region, before, next(facts, node, before, scan, counts && !stalled));
            slots.add(stalled ? after.countingAnew() : after);
            log(turn, region, node, before, after);
            news |= Moments.passed(turn.state(), region, node, before, after);
        }
        RegionState scanned = region.with(new Beats(
                SortedArrayMap.of(facts.nodes(), slots),
                counts ? own.seq() : region.beats().countedSeq(),
                stalled ? scan.startedNs() : region.stalledAtNs()));
        if (!stalled && AgentSilence.mayCount(turn.state(), scanned)) { // their beats may always fall between ours
            news |= agents(turn, scanned, region, scan.startedNs());
        } else {
            turn.state(turn.state().with(scanned));
        }
        if (news || !region.trouble().isEmpty()) {
            turn.dirtyAll(); // death is judged over all regions
        }
    }

    /**
     * P13: whoever stood still has not seen its own heartbeat stand. It shows the wall clock's seconds, and where that
     * was set back meanwhile it may show the very one that it showed before.
     */
    private static SlotState watched(
            ClusterFacts facts, SlotState before, SlotState after, Evidence.SlotsScanned scan) {
        boolean unwatched = scan.startedNs() - before.lastScanNs() > 2 * facts.periodNs();
        return unwatched && before.seen() && after.seq() == before.seq() ? after.watchedSince(scan.atNs()) : after;
    }

    /**
     * A path may show for a while what was there before. Where no slot was seen to move for long, the scan before a
     * change may have been of the time when one last did; of anything later there is no proof.
     */
    private static SlotState bounded(ClusterFacts facts, RegionState region, SlotState before, SlotState after) {
        if (after.movedAfterNs() == before.movedAfterNs()) {
            return after;
        }
        long lastMoveNs = -1;
        for (SlotState slot : region.slots().values()) {
            lastMoveNs = Math.max(lastMoveNs, slot.lastChangeNs());
        }
        boolean mayBeOld = after.movedAfterNs() - lastMoveNs > 2 * facts.periodNs();
        return mayBeOld ? after.movedAfter(lastMoveNs) : after;
    }

    /** {@return whether more is known now of how long an agent has been silent} */
    private static boolean agents(Turn turn, RegionState scanned, RegionState before, long scanNs) {
        SortedArrayMap<NodeNumber, BlockState> blocks = SortedArrayMap.copyOf(scanned.blocks());
        boolean news = false;
        for (NodeNumber node : turn.state().facts().others()) {
            BlockState block = scanned.block(node);
            BlockState heard =
                    AgentSilence.heard(turn.state(), scanned, node, before.slot(node), scanned.slot(node), scanNs);
            if (heard.silentBeats() != block.silentBeats()) {
                blocks = blocks.with(node, heard);
                news = true;
            }
        }
        turn.state(turn.state().with(news ? scanned.withBlocks(blocks) : scanned));
        return news;
    }

    private static SlotState next(
            ClusterFacts facts, NodeNumber node, SlotState before, Evidence.SlotsScanned scan, boolean counts) {
        SlotReading reading = scan.slots().get(node);
        if (reading == null) {
            return before;
        }
        SlotTiming timing = SlotTiming.of(facts.deadThreshold(), facts.periodNs(), before.deadMs(), facts.marginNs());
        return before.next(node.value(), reading, scan.startedNs(), scan.atNs(), counts, timing);
    }

    private static void log(Turn turn, RegionState region, NodeNumber node, SlotState before, SlotState after) {
        if (after.foreignNumbers() > before.foreignNumbers() && before.foreignNumbers() == 0) {
            turn.node(LogEvent.Type.BAD_INPUT, node, region.id(), "slot carries another node's number");
        }
        if (after.badChecksums() > before.badChecksums() && before.badChecksums() == 0) {
            turn.node(LogEvent.Type.BAD_INPUT, node, region.id(), "slot has a bad checksum");
        }
        boolean same = before.status() == after.status()
                && before.cause() == after.cause()
                && (!after.isLive() || before.generation().equals(after.generation()));
        if (!same && !(after.cause() == SlotState.Cause.LEFT && !before.seen())) {
            String cause = after.cause() == SlotState.Cause.NONE ? "" : " by " + after.cause();
            turn.node(
                    LogEvent.Type.SLOT,
                    node,
                    region.id(),
                    after.status() + cause + ", generation " + after.generation());
        }
    }

    private static void board(Turn turn, RegionState region, Evidence.BoardScanned scan) {
        boolean moments = Moments.passed(turn.state(), region, scan.startedNs());
        RegionState after = saysNothingNew(turn.state().facts(), region, scan)
                ? region.withReading(region.blocks(), region.heard(), scan.startedNs(), scan.atNs())
                : news(turn, region, scan);
        turn.state(turn.state().with(after));
        if (moments && othersAct(turn.state().facts())) {
            turn.dirtyWithNode(region.id());
        } else if (moments) {
            turn.dirty(region.id());
        }
        if (!after.recalled()) {
            Recall.region(turn, after);
        } else {
            ownBlock(turn, after, scan);
        }
    }

    /**
     * Rule 2: which epochs a dead node used stood in its block alone, and that is lost; whoever read it then keeps them
     * in its own. A node that lives writes its block again.
     */
    private static void remembersEpochs(Turn turn, BlockState lost) {
        Epoch highest = lost.report().map(Report::highestEpoch).orElse(Epoch.NONE);
        if (highest.isAfter(turn.state().floor())) {
            turn.state(turn.state().withFloor(highest));
            turn.dirtyAll();
        }
    }

    private static boolean saysNothingNew(ClusterFacts facts, RegionState region, Evidence.BoardScanned scan) {
        for (NodeNumber node : facts.nodes()) {
            if (!region.block(node).isRepeatedBy(scan.blocks().get(node))) {
                return false;
            }
        }
        return region.heard().isEmpty(); // else a claim may be borne out
    }

    private static RegionState news(Turn turn, RegionState before, Evidence.BoardScanned scan) {
        ClusterFacts facts = turn.state().facts();
        List<BlockState> blocks = new ArrayList<>(facts.nodes().size());
        SortedArrayMap<NodeNumber, RegionState.Heard> heard = SortedArrayMap.copyOf(before.heard());
        boolean news = false;
        boolean lives = false;
        boolean links = Split.showsAnyCut(before);
        for (NodeNumber node : facts.nodes()) {
            BlockState block = before.block(node).asOf(before.readStartedNs(), before.readAtNs());
            BlockReading reading = scan.blocks().get(node);
            BlockState after = reading == null
                    ? block.unseen()
                    : block.next(before.id(), node, reading, scan.startedNs(), scan.atNs());
            blocks.add(after);
            RegionState.Heard claim = heard.get(node);
            if (claim != null && bornOut(claim, block, after)) {
                heard = heard.without(node);
                news = true;
            }
            if (!after.trouble().isEmpty() && !after.trouble().equals(block.trouble())) {
                turn.node(LogEvent.Type.BAD_INPUT, node, before.id(), "board block " + after.trouble());
            }
            if (!after.trouble().isEmpty() && before.slot(node).status() == SlotState.Status.DOWN) {
                remembersEpochs(turn, after);
            }
            news |= !Moments.saysTheSame(block, after);
            lives |= Moments.tellsOfLives(block, after);
            links |= Moments.tellsOfLinks(block, after);
        }
        if (lives) {
            turn.dirtyAll(); // verdicts hold, and lives are looked for, in all regions
        } else if (news && (links || othersAct(facts))) {
            turn.dirtyWithNode(before.id());
        } else if (news) {
            turn.dirty(before.id());
        }
        return before.withReading(SortedArrayMap.of(facts.nodes(), blocks), heard, scan.startedNs(), scan.atNs());
    }

    /** Whether anything is done about peers beyond waiting for them, so that any of their news may end or begin it. */
    private static boolean othersAct(ClusterFacts facts) {
        return facts.fence() == ClusterFacts.FenceMode.COMMAND
                || !facts.fencing().agentsMayBeDeadForEver();
    }

    /** A peer that writes to our board after it was heard has our disk, though it was another life that we heard. */
    private static boolean bornOut(RegionState.Heard claim, BlockState before, BlockState after) {
        boolean wrote =
                before.readStartedNs() > claim.atNs() && !before.report().equals(after.report());
        return wrote
                || after.report().filter(r -> r.boot().equals(claim.boot())).isPresent();
    }

    /**
     * Our own block is re-read. A later report of another boot in it is a duplicate's: it has read ours, or counts as
     * we do. What it lost of ours is written again; an earlier report of another boot is what stood there before us.
     */
    private static void ownBlock(Turn turn, RegionState region, Evidence.BoardScanned scan) {
        ClusterFacts facts = turn.state().facts();
        Optional<Report> published = region.published();
        BlockReading reading = scan.blocks().get(facts.self());
        if (reading == null || published.isEmpty() || scan.startedNs() <= region.publishedAtNs()) {
            return;
        }
        if (reading instanceof BlockReading.Good good && good.report().node().equals(facts.self())) {
            boolean ours = good.report().boot().equals(facts.boot());
            boolean later = good.report().seq() >= published.get().seq();
            if (!ours && later && good.report().region().equals(region.id()) && !region.duplicate()) {
                turn.state(turn.state().with(region.withDuplicate()));
                turn.node(
                        LogEvent.Type.VERDICT,
                        facts.self(),
                        region.id(),
                        "another boot writes our block: " + good.report().boot());
                turn.dirtyAll();
                return;
            }
            if (ours && later) {
                return;
            }
        }
        boolean nothingInFlight = region.submitted().equals(published);
        if (nothingInFlight) {
            turn.node(LogEvent.Type.BAD_INPUT, facts.self(), region.id(), "our own report is gone; writes it again");
            turn.state(turn.state().with(region.with(region.own().lost())));
            turn.dirtyAll();
        }
    }

    private static void published(Turn turn, RegionState region, Report report, long atNs) {
        turn.state(turn.state().with(region.with(region.own().published(Optional.of(report), atNs))));
        for (LockspaceState lockspace : turn.state().lockspaces().values()) {
            boolean here = lockspace.guard().filter(region.id()::equals).isPresent();
            if (here
                    && lockspace.publishedNs() < 0
                    && lockspace.entry().isPresent()
                    && lockspace.entry().equals(report.lockspace(lockspace.name()))) {
                turn.state(turn.state().with(lockspace.withPublishedNs(atNs)));
            }
        }
        boolean showsCut = Split.showsAnyCut(region) || !report.links().cut().isEmpty();
        if (showsCut
                || turn.state().mustGo().isPresent()
                || othersAct(turn.state().facts())) {
            turn.dirtyWithNode(region.id()); // a verdict, a reset or a fence command may wait for it
        } else {
            turn.dirty(region.id());
        }
    }

    private static void heard(Turn turn, RegionState region, Evidence.PeerHeard heard) {
        boolean configured = turn.state().facts().others().contains(heard.node());
        boolean known = region.report(heard.node())
                .filter(r -> r.boot().equals(heard.boot()))
                .isPresent();
        if (configured && !known) {
            SortedMap<NodeNumber, RegionState.Heard> claims = new TreeMap<>(region.heard());
            // The first claim stands: a peer that goes on talking would else be looked for anew after each word.
            RegionState.Heard first = claims.get(heard.node());
            boolean again = first != null && first.boot().equals(heard.boot());
            long sinceNs = first != null && again ? first.atNs() : heard.atNs();
            claims.put(heard.node(), new RegionState.Heard(heard.boot(), sinceNs));
            turn.state(turn.state().with(region.withHeard(claims)));
        }
    }
}
