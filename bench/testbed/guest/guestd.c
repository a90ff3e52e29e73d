// SPDX-License-Identifier: Apache-2.0
/*
 * guestd: process 1 of a guest. Runs commands for the harness over a virtio serial port.
 *
 * Frames in both directions are a line "VERB ID LENGTH\n" followed by LENGTH bytes.
 *   host to guest: RUN (payload: shell script), IN (payload: bytes for its stdin), EOF (close its stdin),
 *                  KILL (payload: signal number, goes to the job's process group), PING
 *   guest to host: HELLO (payload: boot id), OUT (stdout and stderr), EXIT (payload: exit code, 128+n for a signal),
 *                  PONG (payload: CLOCK_REALTIME and CLOCK_MONOTONIC)
 * Jobs run side by side, so a job that hangs in the kernel never blocks the next one. That is the point of having
 * this instead of a shell on a serial line: half of the scenarios leave a process in D state for a while.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define JOBS 512
#define MAX_PAYLOAD (1 << 20)

struct job {
    pid_t pid;
    long id;
    int in, out;
};

static struct job jobs[JOBS];
static int port;
static sigset_t no_signals;

static void write_all(int fd, const void *data, size_t length)
{
    const char *p = data;
    while (length > 0) {
        ssize_t n = write(fd, p, length);
        if (n < 0) {
            if (errno == EINTR)
                continue;
            if (errno == EAGAIN) { /* the port is non-blocking for reads; wait for room */
                struct pollfd room = { fd, POLLOUT, 0 };
                poll(&room, 1, 1000);
                continue;
            }
            return;
        }
        p += n;
        length -= n;
    }
}

static void frame(const char *verb, long id, const void *data, size_t length)
{
    char head[64];
    int n = snprintf(head, sizeof head, "%s %ld %zu\n", verb, id, length);
    write_all(port, head, n);
    write_all(port, data, length);
}

static struct job *find(long id)
{
    for (int i = 0; i < JOBS; i++)
        if (jobs[i].pid && jobs[i].id == id)
            return &jobs[i];
    return NULL;
}

static void run(long id, char *script)
{
    struct job *job = NULL;
    for (int i = 0; i < JOBS && !job; i++)
        if (!jobs[i].pid)
            job = &jobs[i];
    int in[2], out[2];
    if (!job || pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC)) {
        frame("EXIT", id, "255", 3);
        return;
    }
    pid_t pid = fork();
    if (pid == 0) {
        setsid();
        sigprocmask(SIG_SETMASK, &no_signals, NULL);
        dup2(in[0], 0);
        dup2(out[1], 1);
        dup2(out[1], 2);
        execl("/bin/sh", "sh", "-c", script, (char *)NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    if (pid < 0) {
        close(in[1]);
        close(out[0]);
        frame("EXIT", id, "255", 3);
        return;
    }
    fcntl(in[1], F_SETFL, O_NONBLOCK);
    fcntl(out[0], F_SETFL, O_NONBLOCK);
    *job = (struct job){ pid, id, in[1], out[0] };
}

/* Sends what the job has written; false at the end of its output. */
static int drain(struct job *job)
{
    char buffer[16384];
    for (;;) {
        ssize_t n = read(job->out, buffer, sizeof buffer);
        if (n > 0)
            frame("OUT", job->id, buffer, n);
        else if (n < 0 && errno == EINTR)
            continue;
        else
            return n < 0 && errno == EAGAIN;
    }
}

static void reap(void)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        for (int i = 0; i < JOBS; i++) {
            struct job *job = &jobs[i];
            if (job->pid != pid)
                continue;
            char text[16];
            int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            if (job->out >= 0) {
                drain(job);
                close(job->out);
            }
            if (job->in >= 0)
                close(job->in);
            frame("EXIT", job->id, text, snprintf(text, sizeof text, "%d", code));
            job->pid = 0;
        }
    }
}

static void handle(const char *verb, long id, char *payload, size_t length)
{
    struct job *job = find(id);
    if (!strcmp(verb, "RUN")) {
        run(id, payload);
    } else if (!strcmp(verb, "IN")) {
        if (job && job->in >= 0)
            write_all(job->in, payload, length);
    } else if (!strcmp(verb, "EOF")) {
        if (job && job->in >= 0) {
            close(job->in);
            job->in = -1;
        }
    } else if (!strcmp(verb, "KILL")) {
        if (job)
            kill(-job->pid, atoi(payload));
    } else if (!strcmp(verb, "PING")) {
        struct timespec real, mono;
        char text[80];
        clock_gettime(CLOCK_REALTIME, &real);
        clock_gettime(CLOCK_MONOTONIC, &mono);
        frame("PONG", id, text, snprintf(text, sizeof text, "%ld.%09ld %ld.%09ld", (long)real.tv_sec, real.tv_nsec,
            (long)mono.tv_sec, mono.tv_nsec));
    }
}

/* Takes complete frames off the front of the buffer; returns how many bytes remain. */
static size_t take_frames(char *buffer, size_t have)
{
    static char payload[MAX_PAYLOAD + 1];
    for (;;) {
        char *newline = memchr(buffer, '\n', have);
        char verb[16];
        long id;
        size_t length;
        if (!newline)
            return have;
        *newline = 0;
        if (sscanf(buffer, "%15s %ld %zu", verb, &id, &length) != 3 || length > MAX_PAYLOAD) {
            have -= newline + 1 - buffer; /* not ours: skip the line */
            memmove(buffer, newline + 1, have);
            continue;
        }
        *newline = '\n';
        size_t head = newline + 1 - buffer;
        if (have < head + length)
            return have;
        memcpy(payload, buffer + head, length);
        payload[length] = 0;
        have -= head + length;
        memmove(buffer, buffer + head + length, have);
        handle(verb, id, payload, length);
    }
}

int main(int argc, char **argv)
{
    static char input[2 * MAX_PAYLOAD];
    size_t have = 0;
    char boot_id[64] = "";
    sigset_t children;

    port = open(argc > 1 ? argv[1] : "/dev/vport0p1", O_RDWR | O_CLOEXEC | O_NONBLOCK);
    if (port < 0) {
        perror("guestd: port");
        return 1;
    }
    signal(SIGPIPE, SIG_DFL);
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    sigprocmask(SIG_BLOCK, &children, &no_signals);
    int child_events = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
    signal(SIGPIPE, SIG_IGN);

    int f = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    ssize_t n = read(f, boot_id, sizeof boot_id - 1);
    close(f);
    frame("HELLO", 0, boot_id, n > 0 ? strcspn(boot_id, "\n") : 0);

    for (;;) {
        struct pollfd fds[JOBS + 2] = { { port, POLLIN, 0 }, { child_events, POLLIN, 0 } };
        struct job *who[JOBS + 2];
        int count = 2;
        for (int i = 0; i < JOBS; i++)
            if (jobs[i].pid && jobs[i].out >= 0) {
                who[count] = &jobs[i];
                fds[count++] = (struct pollfd){ jobs[i].out, POLLIN, 0 };
            }
        if (poll(fds, count, -1) < 0)
            continue;
        for (int i = 2; i < count; i++)
            if (fds[i].revents && !drain(who[i])) {
                close(who[i]->out); /* it closed its output but still runs */
                who[i]->out = -1;
            }
        if (fds[1].revents) {
            struct signalfd_siginfo info;
            while (read(child_events, &info, sizeof info) > 0)
                ;
            reap();
        }
        if (fds[0].revents & POLLIN) {
            n = read(port, input + have, sizeof input - have);
            if (n > 0)
                have = take_frames(input, have + n);
        } else if (fds[0].revents & (POLLHUP | POLLERR)) {
            usleep(20000); /* the harness is gone; it takes the machine with it */
        }
    }
}
