// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.conformance;

import dev.lockstep.domain.LockspaceName;
import dev.lockstep.port.DlmKernel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One machine in one case: what is done to it, and what it shows, is written down as lines. Beside the files there are
 * programs that create and release lockspaces, and uevents. For one thread.
 */
public final class Session extends NotedFiles {
    private static final Pattern NUMBERED = Pattern.compile("(SEQNUM|MAJOR|MINOR)=\\d+");

    private final int number;
    private final Map<String, LockspaceCall> calls = new LinkedHashMap<>();
    private int seen;
    private int signalled;

    /**
     * @param machine what it is about
     * @param number its node number
     * @param notes where lines go, those of other machines too
     */
    Session(Machine machine, int number, List<String> notes) {
        super(machine, number == 1 ? "" : "n" + number + " ", notes);
        this.number = number;
        this.seen = machine.datagrams().size();
        this.signalled = machine.signals().size();
    }

    int number() {
        return number;
    }

    DlmKernel kernel() {
        return machine.kernel();
    }

    // Programs

    void create(String name) {
        calls.put("create " + name, machine.create(name, false));
    }

    /** One more program creates it. */
    void createAgain(String name) {
        calls.put("second create " + name, machine.create(name, false));
    }

    void createNew(String name) {
        calls.put("exclusive create " + name, machine.create(name, true));
    }

    void release(String name) {
        calls.put("release " + name, machine.release(name));
    }

    void releaseAgain(String name) {
        calls.put("second release " + name, machine.release(name));
    }

    /** Waits until a call has returned and notes with what. */
    void returns(String call) {
        LockspaceCall of = call(call);
        machine.await(() -> of.returned().isPresent());
        note(call + " " + of.returned().map(result -> "returns " + result).orElse("sleeps"));
    }

    /** Gives a call time to return and notes whether it did. */
    void stillSleeps(String call) {
        machine.settle();
        note(call + " "
                + call(call).returned().map(result -> "returns " + result).orElse("sleeps"));
    }

    private LockspaceCall call(String call) {
        LockspaceCall of = calls.get(call);
        if (of == null) {
            throw new IllegalArgumentException("nobody called " + call);
        }
        return of;
    }

    void settle() {
        machine.settle();
    }

    /** Answers a release and a create, whichever of the two asks first. */
    void answerBoth(String released, String created) {
        machine.await(() -> !text(created + "/id").equals("ENOENT")
                || !text(released + "/id").equals("ENOENT"));
        boolean releaseFirst = text(created + "/id").equals("ENOENT");
        set((releaseFirst ? released : created) + "/event_done", releaseFirst ? "0" : "-5");
        String second = releaseFirst ? created : released;
        machine.await(() -> fresh(0).stream().anyMatch(each -> each.contains("line@/kernel/dlm/" + second + " ")));
        set(second + "/event_done", releaseFirst ? "-5" : "0");
    }

    // Uevents

    /** Waits for so many more uevents and notes all there are, in short. */
    void uevents(int count) {
        note("uevents: " + brief(fresh(count)));
    }

    /** Waits for so many more uevents and notes each whole one, numbers that differ by machine left out. */
    void datagrams(int count) {
        for (String each : fresh(count)) {
            note(NUMBERED.matcher(each).replaceAll("$1=*"));
        }
    }

    /** Waits for so many more uevents and notes whether their sequence numbers rise. */
    void sequence(int count) {
        long last = -1;
        boolean rises = true;
        List<String> fresh = fresh(count);
        for (String each : fresh) {
            long next = Long.parseLong(each.replaceAll("(?s).*SEQNUM=(\\d+).*", "$1"));
            rises &= next > last;
            last = next;
        }
        note(fresh.size() + " uevents, sequence numbers " + (rises ? "rise" : "do not rise"));
    }

    /** Waits for so many more uevents of lockspaces and notes what the agent makes of them. */
    void signals(int count) {
        machine.await(() -> machine.signals().size() >= signalled + count);
        List<String> shown = machine
                .signals()
                .subList(signalled, machine.signals().size())
                .stream()
                .map(Object::toString)
                .toList();
        signalled += shown.size();
        shown.forEach(this::note);
    }

    private List<String> fresh(int count) {
        if (count == 0) {
            machine.settle();
        } else {
            machine.await(() -> machine.datagrams().size() >= seen + count);
        }
        List<String> all = machine.datagrams();
        List<String> fresh = new ArrayList<>(all.subList(seen, all.size()));
        seen = all.size();
        return fresh;
    }

    private static String brief(List<String> datagrams) {
        List<String> shortened = datagrams.stream()
                .map(each -> each.substring(0, each.indexOf(' ')))
                .map(each -> each.replace("@/kernel/dlm/", " ").replace("@/devices/virtual/misc/", " device "))
                .toList();
        return shortened.isEmpty() ? "none" : String.join(", ", shortened);
    }

    // What most cases begin and end with. Only what goes wrong is noted.

    /** Makes configfs list exactly these members. */
    void members(String name, int... nodes) {
        made("spaces/" + name);
        for (String entry : List.of(names(absolute("spaces/" + name + "/nodes")).split(" "))) {
            removed("spaces/" + name + "/nodes/" + entry);
        }
        for (int node : nodes) {
            must("mkdir", "spaces/" + name + "/nodes/" + node, made("spaces/" + name + "/nodes/" + node));
            set("spaces/" + name + "/nodes/" + node + "/nodeid", Integer.toString(node));
        }
    }

    /** Removes all that configfs has of a lockspace. */
    void forget(String name) {
        members(name);
        must("rmdir", "spaces/" + name, removed("spaces/" + name));
    }

    /** Gives the lockspace its id and members and starts it. */
    void start(String name, int... nodes) {
        set(name + "/id", Integer.toUnsignedString(new LockspaceName(name).globalId()));
        members(name, nodes);
        set(name + "/control", "1");
    }

    /** A whole join of this node alone; its three uevents count as seen. */
    void join(String name) {
        create(name);
        took(2, "create " + name);
        start(name, number);
        set(name + "/event_done", "0");
        finished("create " + name);
        took(1, "create " + name);
    }

    /** A whole leave; its three uevents count as seen. */
    void leave(String name) {
        release(name);
        took(2, "release " + name);
        set(name + "/control", "0");
        forget(name);
        set(name + "/event_done", "0");
        finished("release " + name);
        took(1, "release " + name);
    }

    /** Lets the agent's part of a started leave follow. */
    void finishLeave(String name) {
        set(name + "/control", "0");
        forget(name);
        set(name + "/event_done", "0");
        finished("release " + name);
    }

    /** Makes a peer known. */
    void meet(int peer) {
        must("mkdir", "comms/" + peer, made("comms/" + peer));
        set("comms/" + peer + "/nodeid", Integer.toString(peer));
        set("comms/" + peer + "/addr", SocketAddress.ofNode(peer));
    }

    void part(int peer) {
        must("rmdir", "comms/" + peer, removed("comms/" + peer));
    }

    /** Waits for so many more uevents, and notes them only if they are not so many. */
    void hears(int count) {
        took(count, "it");
    }

    private void took(int count, String what) {
        List<String> fresh = fresh(count);
        if (fresh.size() != count) {
            note(what + " gave " + brief(fresh));
        }
    }

    /** Waits until a call has returned, and notes it only if it failed. */
    void finished(String call) {
        LockspaceCall of = call(call);
        machine.await(() -> of.returned().isPresent());
        if (!of.returned().equals(Optional.of("ok"))) {
            note(call + " " + of.returned().map(result -> "returns " + result).orElse("sleeps"));
        }
    }

    private void must(String verb, String path, String result) {
        if (!result.equals("ok")) {
            note(verb + " " + path + ": " + result);
        }
    }

    /** Notes what the case has left behind. */
    void close() {
        calls.forEach((name, call) -> {
            if (!machine.await(() -> call.returned().isPresent())) {
                note("left behind: " + name + " sleeps");
            }
        });
        leftBehind(SYSFS, "empty");
        leftBehind(CLUSTER + "/spaces", "empty");
        leftBehind(CLUSTER + "/comms", Integer.toString(number));
    }

    private void leftBehind(String directory, String wanted) {
        String names = names(directory);
        if (!names.equals(wanted)) {
            note("left behind: " + directory + "/ has " + names);
        }
    }
}
