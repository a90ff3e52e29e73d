// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.bench.conformance;

import dev.lockstep.dlm.ProcUnansweredReader;
import dev.lockstep.dlm.UnansweredDecision;
import dev.lockstep.domain.LockspaceName;
import dev.lockstep.kernel.Memory;
import dev.lockstep.kernelfs.KernelTree;
import dev.lockstep.kernelfs.NativeKernelTree;
import dev.lockstep.kernelfs.Processes;
import dev.lockstep.nativeio.KernelLog;
import dev.lockstep.nativeio.NativeFailure;
import dev.lockstep.nativeio.NetlinkSocket;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The suite's hands in a machine with a real kernel: reads commands and executes each on a thread of its own, since any
 * may sleep in the kernel, with the agent's own access to files and uevents.
 *
 * <pre>
 *   command  ID VERB ARGUMENT...            answer  = ID ok [RESULT]  |  = ID error ERRNO
 *   write PATH BYTES, read PATH, mkdir PATH, rmdir PATH, list PATH, run WORD..., unanswered NAME ID...
 *   unasked: = uevent BYTES                 all but verbs and numbers in hexadecimal, "-" for none
 * </pre>
 */
public final class GuestServer {
    private static final int RECEIVE_BUFFER_BYTES = 1 << 20;
    private static final HexFormat HEX = HexFormat.of();

    private final KernelTree tree = new NativeKernelTree();
    private final PrintStream out;

    private GuestServer(PrintStream out) {
        this.out = out;
    }

    /** The command; ends with its input. */
    public static void main(String[] args) throws IOException {
        GuestServer server = new GuestServer(System.out);
        ExecutorService threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "conformance");
            thread.setDaemon(true);
            return thread;
        });
        NetlinkSocket uevents = NetlinkSocket.openUevents(RECEIVE_BUFFER_BYTES);
        threads.execute(() -> server.listen(uevents));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        server.say("ready");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            List<String> words = Arrays.asList(line.split(" "));
            threads.execute(() -> server.answer(words));
        }
    }

    private void say(String line) {
        out.println("= " + line);
        out.flush();
    }

    private void listen(NetlinkSocket socket) {
        try {
            while (true) {
                Optional<NetlinkSocket.Datagram> received = socket.receive(-1);
                if (received.isPresent()) {
                    byte[] bytes = new byte[received.get().content().remaining()];
                    received.get().content().get(bytes);
                    if (Datagrams.concerns(Datagrams.text(bytes))) {
                        say("uevent " + HEX.formatHex(bytes));
                    }
                }
            }
        } catch (NativeFailure e) {
            say("lost uevents: " + e.getMessage());
        }
    }

    private void answer(List<String> words) {
        String id = words.get(0);
        try {
            String result = execute(words.get(1), words.subList(2, words.size()));
            say(id + " ok " + (result.isEmpty() ? "-" : HEX.formatHex(result.getBytes(StandardCharsets.ISO_8859_1))));
        } catch (NativeFailure e) {
            say(id + " error " + e.errno().name());
        } catch (IOException | RuntimeException e) {
            say(id + " trouble " + e);
        }
    }

    private String execute(String verb, List<String> arguments) throws IOException {
        switch (verb) {
            case "write" -> {
                tree.write(text(arguments.get(0)), HEX.parseHex(arguments.get(1)));
                return "";
            }
            case "read" -> {
                return tree.read(text(arguments.get(0)));
            }
            case "mkdir" -> {
                return Boolean.toString(tree.makeDirectory(text(arguments.get(0))));
            }
            case "rmdir" -> {
                return Boolean.toString(tree.removeDirectory(text(arguments.get(0))));
            }
            case "list" -> {
                return String.join("/", tree.directories(text(arguments.get(0))));
            }
            case "run" -> {
                return run(arguments);
            }
            case "unanswered" -> {
                return unanswered(arguments);
            }
            default -> throw new IllegalArgumentException("no verb " + verb);
        }
    }

    private static String run(List<String> words) throws IOException {
        List<String> command = new ArrayList<>();
        for (String word : words) {
            command.add(text(word));
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private static String unanswered(List<String> words) throws IOException {
        Map<LockspaceName, Integer> ids = new TreeMap<>();
        for (int i = 0; i + 1 < words.size(); i += 2) {
            ids.put(new LockspaceName(text(words.get(i))), Integer.parseUnsignedInt(words.get(i + 1)));
        }
        UnansweredDecision decision = new ProcUnansweredReader(
                        new Processes(Path.of("/proc")),
                        List.of(Path.of("/dev"), Path.of("/dev/misc")),
                        KernelLog::read,
                        Memory::blank)
                .decide(ids);
        if (decision instanceof UnansweredDecision.Waits waits) {
            return "waits/" + waits.lockspace().value() + "/" + waits.question();
        }
        return decision instanceof UnansweredDecision.Undecidable undecidable
                ? "undecidable/" + undecidable.why()
                : "nobody";
    }

    private static String text(String hex) {
        return hex.equals("-") ? "" : new String(HEX.parseHex(hex), StandardCharsets.ISO_8859_1);
    }
}
