// SPDX-License-Identifier: Apache-2.0
/*
 * locktool: locks of fs/dlm on command.
 *
 *   locktool attach LOCKSPACE       takes commands on stdin:
 *       lock TAG RESOURCE MODE [noqueue]     convert TAG MODE [noqueue]     unlock TAG
 *       exset PREFIX COUNT      EX NOQUEUE on PREFIX0 .. PREFIX(COUNT-1); keeps what it gets and lists it, and after "?"
 *                               what had no answer within 10 s
 *       exdrop                  releases what exset got
 *
 * Answers are lines "SECONDS TAG WHAT": granted MODE, eagain, unlocked, error N. They come when they come: a lock that
 * waits does not block the next command. At the end of stdin the program ends and the kernel drops its locks.
 */
#define _REENTRANT
#include <errno.h>
#include <sys/types.h>
#include <libdlm.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TAGS 1024
#define UNANSWERED 0x7fffffff

struct held {
    char tag[64];
    char mode[4];
    struct dlm_lksb lksb;
    int unlocking;
    int used;
};

static struct held locks[TAGS];
static dlm_lshandle_t lockspace;
static pthread_mutex_t output = PTHREAD_MUTEX_INITIALIZER;

static struct held *exset;
static int exset_count;
static int exset_open;
static pthread_cond_t exset_done = PTHREAD_COND_INITIALIZER;

static void say(const char *tag, const char *what)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    pthread_mutex_lock(&output);
    printf("%ld.%06ld %s %s\n", (long)now.tv_sec, now.tv_nsec / 1000, tag, what);
    fflush(stdout);
    pthread_mutex_unlock(&output);
}

static void done(void *argument)
{
    struct held *held = argument;
    char text[64];
    int status = held->lksb.sb_status;
    if (held->unlocking) {
        held->used = 0;
        say(held->tag, "unlocked");
        return;
    }
    if (status == 0)
        snprintf(text, sizeof text, "granted %s", held->mode);
    else if (status == EAGAIN)
        snprintf(text, sizeof text, "eagain");
    else
        snprintf(text, sizeof text, "error %d", status);
    if (status && !held->lksb.sb_lkid)
        held->used = 0;
    say(held->tag, text);
}

static void exset_answer(void *argument)
{
    (void)argument;
    pthread_mutex_lock(&output);
    exset_open--;
    pthread_cond_signal(&exset_done);
    pthread_mutex_unlock(&output);
}

static int mode_of(const char *name)
{
    static const char *const names[] = { "NL", "CR", "CW", "PR", "PW", "EX" };
    for (int i = 0; i < 6; i++)
        if (!strcmp(name, names[i]))
            return i;
    return -1;
}

static struct held *find(const char *tag)
{
    for (int i = 0; i < TAGS; i++)
        if (locks[i].used && !strcmp(locks[i].tag, tag))
            return &locks[i];
    return NULL;
}

static void request(const char *tag, const char *resource, const char *mode, int noqueue)
{
    struct held *held = find(tag);
    uint32_t flags = noqueue ? LKF_NOQUEUE : 0;
    if (resource) {
        for (int i = 0; !held && i < TAGS; i++)
            if (!locks[i].used)
                held = &locks[i];
        memset(held, 0, sizeof *held);
        held->used = 1;
        snprintf(held->tag, sizeof held->tag, "%s", tag);
    } else if (held) {
        flags |= LKF_CONVERT;
    }
    if (!held || mode_of(mode) < 0) {
        say(tag, "error: no such lock or mode");
        return;
    }
    snprintf(held->mode, sizeof held->mode, "%s", mode);
    if (dlm_ls_lock(lockspace, mode_of(mode), &held->lksb, flags, resource ? resource : "", resource ? strlen(resource) : 0,
            0, done, held, NULL, NULL)) {
        char text[64];
        snprintf(text, sizeof text, "error %d", errno);
        say(tag, text);
    }
}

/* Gives up after 10 s, for a broken cluster leaves requests without an answer. */
static void wait_answers(void)
{
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += 10;
    pthread_mutex_lock(&output);
    while (exset_open > 0 && pthread_cond_timedwait(&exset_done, &output, &end) == 0)
        ;
    exset_open = 0;
    pthread_mutex_unlock(&output);
}

static void take_exset(const char *prefix, int count)
{
    exset = calloc(count, sizeof *exset);
    exset_count = count;
    exset_open = count;
    for (int i = 0; i < count; i++) {
        char name[160];
        exset[i].lksb.sb_status = UNANSWERED;
        snprintf(name, sizeof name, "%s%d", prefix, i);
        if (dlm_ls_lock(lockspace, LKM_EXMODE, &exset[i].lksb, LKF_NOQUEUE, name, strlen(name), 0, exset_answer, &exset[i],
                NULL, NULL)) {
            exset[i].lksb.sb_status = errno;
            exset_answer(NULL);
        }
    }
    wait_answers();
    char *text = malloc(32 + count * 24);
    int n = sprintf(text, "exset");
    for (int i = 0; i < count; i++)
        if (exset[i].lksb.sb_status == 0)
            n += sprintf(text + n, " %d", i);
    n += sprintf(text + n, " ?");
    for (int i = 0; i < count; i++)
        if (exset[i].lksb.sb_status == UNANSWERED)
            n += sprintf(text + n, " %d", i);
    say("exset", text);
    free(text);
}

static void drop_exset(void)
{
    pthread_mutex_lock(&output);
    for (int i = 0; i < exset_count; i++)
        exset_open += exset[i].lksb.sb_status == 0;
    pthread_mutex_unlock(&output);
    for (int i = 0; i < exset_count; i++)
        if (exset[i].lksb.sb_status == 0)
            dlm_ls_unlock(lockspace, exset[i].lksb.sb_lkid, 0, &exset[i].lksb, &exset[i]);
    wait_answers();
    exset_count = 0;
    say("exset", "dropped");
}

static int attach(const char *name)
{
    char line[512];
    lockspace = dlm_open_lockspace(name);
    if (!lockspace) {
        perror("locktool: open lockspace");
        return 1;
    }
    dlm_ls_pthread_init(lockspace); /* without it no answer ever arrives */
    say("-", "attached");
    while (fgets(line, sizeof line, stdin)) {
        char word[5][128] = { "" };
        int n = sscanf(line, "%127s %127s %127s %127s %127s", word[0], word[1], word[2], word[3], word[4]);
        if (n >= 4 && !strcmp(word[0], "lock")) {
            request(word[1], word[2], word[3], n > 4);
        } else if (n >= 3 && !strcmp(word[0], "convert")) {
            request(word[1], NULL, word[2], n > 3);
        } else if (n == 2 && !strcmp(word[0], "unlock")) {
            struct held *held = find(word[1]);
            if (held) {
                held->unlocking = 1;
                dlm_ls_unlock(lockspace, held->lksb.sb_lkid, 0, &held->lksb, held);
            } else {
                say(word[1], "error: no such lock");
            }
        } else if (n == 3 && !strcmp(word[0], "exset")) {
            take_exset(word[1], atoi(word[2]));
        } else if (n == 1 && !strcmp(word[0], "exdrop")) {
            drop_exset();
        } else {
            say("-", "error: what?");
        }
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && !strcmp(argv[1], "attach"))
        return attach(argv[2]);
    fprintf(stderr, "usage: locktool attach LOCKSPACE\n");
    return 64;
}
