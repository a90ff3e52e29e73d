// SPDX-License-Identifier: Apache-2.0
/*
 * watcher: in which order somebody drives fs/dlm.
 *
 *   watcher PATH...
 *
 * Prints a line "SECONDS WHAT PATH" for each directory made (mkdir) or removed (rmdir) in a watched directory and each
 * watched file closed after writing (wrote). All watches share one inotify queue, so the lines have the order of the
 * operations. "ready" comes first.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    static char buffer[65536] __attribute__((aligned(__alignof__(struct inotify_event))));
    char *paths[1024] = { 0 };
    int queue = inotify_init1(IN_CLOEXEC);
    for (int i = 1; i < argc && i < 1000; i++) {
        /* IN_OPEN only keeps two writes in a row from being merged into one event. */
        int watch = inotify_add_watch(queue, argv[i], IN_CREATE | IN_DELETE | IN_CLOSE_WRITE | IN_OPEN);
        if (watch < 0 || watch >= 1024) {
            perror(argv[i]);
            return 1;
        }
        paths[watch] = argv[i];
    }
    printf("ready\n");
    fflush(stdout);
    for (;;) {
        ssize_t n = read(queue, buffer, sizeof buffer);
        if (n <= 0)
            return 1;
        for (char *p = buffer; p < buffer + n;) {
            struct inotify_event *event = (struct inotify_event *)p;
            const char *what = event->mask & IN_CREATE ? "mkdir"
                : event->mask & IN_DELETE              ? "rmdir"
                : event->mask & IN_CLOSE_WRITE         ? "wrote"
                                                       : NULL;
            struct timespec now;
            clock_gettime(CLOCK_REALTIME, &now);
            if (what && event->wd >= 0 && paths[event->wd])
                printf("%ld.%06ld %s %s%s%s\n", (long)now.tv_sec, now.tv_nsec / 1000, what, paths[event->wd],
                    event->len ? "/" : "", event->len ? event->name : "");
            p += sizeof *event + event->len;
        }
        fflush(stdout);
    }
}
