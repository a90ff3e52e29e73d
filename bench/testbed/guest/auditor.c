// SPDX-License-Identifier: Apache-2.0
/*
 * auditor: does what a program does that trusts its locks, and leaves a trail by which the host can tell whether it was
 * right to.
 *
 *   auditor LOCKSPACE DEVICE NODE [--no-locks]
 *
 * Round: take the EX lock, read the counter from the shared disk, log the intent to write counter + 1, write it, read it
 * back, log the result, release. Two holders at once make two nodes write one value, or make one node's value disappear.
 * Sector 0 of the device is the counter; sector 1 + value % HISTORY says who wrote that value, so that a value that was
 * overwritten is seen even when both writers thought they were alone. Each node logs to a trail of its own behind the
 * history, one sector an entry, so the log survives the machine's power cut: an intent without a result is a write that
 * may have happened or not.
 * --no-locks leaves the lock out. It exists to prove that the check on the host finds what it is for.
 * SIGTERM ends it after the current round.
 */
#define _GNU_SOURCE
#define _REENTRANT
#include <errno.h>
#include <fcntl.h>
#include <libdlm.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SECTOR 512
#define HISTORY 65536
#define TRAIL 262144 /* sectors of each node's log */

struct record {
    char magic[8];
    uint64_t value;
    uint64_t node;
};

static volatile sig_atomic_t stopping;

static void stop(int number)
{
    (void)number;
    stopping = 1;
}

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static void transfer(int disk, void *sector, uint64_t index, int writing)
{
    ssize_t n = writing ? pwrite(disk, sector, SECTOR, index * SECTOR) : pread(disk, sector, SECTOR, index * SECTOR);
    if (n != SECTOR)
        die("auditor: disk");
}

static uint64_t trail, entries;

static void note(int disk, void *sector, const char *what, uint64_t value)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    memset(sector, 0, SECTOR);
    snprintf(sector, SECTOR, "%s %llu %ld.%06ld\n", what, (unsigned long long)value, (long)now.tv_sec, now.tv_nsec / 1000);
    if (entries == TRAIL) {
        fprintf(stderr, "auditor: the trail is full\n");
        exit(1);
    }
    transfer(disk, sector, trail + entries++, 1);
}

/* Entries of an earlier life; they lie without a gap, so half of the rest falls away with each look. */
static void find_end(int disk, char *sector)
{
    uint64_t full = 0, empty = TRAIL;
    while (full < empty) {
        uint64_t middle = full + (empty - full) / 2;
        transfer(disk, sector, trail + middle, 0);
        if (*sector)
            full = middle + 1;
        else
            empty = middle;
    }
    entries = full;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: auditor LOCKSPACE DEVICE NODE [--no-locks]\n");
        return 64;
    }
    int locking = argc == 4;
    int disk = open(argv[2], O_RDWR | O_DIRECT);
    uint64_t node = strtoull(argv[3], NULL, 10);
    struct record *counter;
    void *entry;
    if (disk < 0)
        die("auditor: open");
    if (posix_memalign((void **)&counter, 4096, 4096) || posix_memalign(&entry, 4096, 4096))
        die("auditor: memory");
    trail = 1 + HISTORY + node * TRAIL;
    find_end(disk, entry);
    struct sigaction action = { .sa_handler = stop };
    sigaction(SIGTERM, &action, NULL);

    dlm_lshandle_t lockspace = NULL;
    struct dlm_lksb lksb = { 0 };
    if (locking) {
        lockspace = dlm_open_lockspace(argv[1]);
        if (!lockspace)
            die("auditor: lockspace");
        dlm_ls_pthread_init(lockspace);
        if (dlm_ls_lock_wait(lockspace, LKM_NLMODE, &lksb, 0, "auditor", 7, 0, NULL, NULL, NULL) || lksb.sb_status)
            die("auditor: lock");
    }
    printf("auditing\n");
    fflush(stdout);
    while (!stopping) {
        if (locking
            && (dlm_ls_lock_wait(lockspace, LKM_EXMODE, &lksb, LKF_CONVERT, "", 0, 0, NULL, NULL, NULL) || lksb.sb_status))
            die("auditor: EX");
        transfer(disk, counter, 0, 0);
        uint64_t next = counter->value + 1;
        memset(counter, 0, SECTOR);
        memcpy(counter->magic, "AUDITOR", 8);
        counter->value = next;
        counter->node = node;
        note(disk, entry, "intent", next);
        transfer(disk, counter, 1 + next % HISTORY, 1);
        transfer(disk, counter, 0, 1);
        usleep(2000); /* room for another holder to show itself */
        transfer(disk, counter, 0, 0);
        if (counter->value != next || counter->node != node)
            note(disk, entry, "stolen", next);
        note(disk, entry, "done", next);
        if (locking
            && (dlm_ls_lock_wait(lockspace, LKM_NLMODE, &lksb, LKF_CONVERT, "", 0, 0, NULL, NULL, NULL) || lksb.sb_status))
            die("auditor: NL");
        usleep(1000);
    }
    return 0;
}
