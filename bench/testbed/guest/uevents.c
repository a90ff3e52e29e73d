// SPDX-License-Identifier: Apache-2.0
/*
 * uevents: what may arrive on the kernel's uevent socket besides what one hopes for.
 *
 *   uevents garbage N           N datagrams of random bytes from user space
 *   uevents long                one of 60 000 bytes, well formed but for its length
 *   uevents forge ACTION NAME   a well formed lockspace event that no kernel sent
 *   uevents flood N FILE        genuine events of another subsystem, as fast as the kernel makes them: N of them, and on
 *                               until FILE is there; prints how many they were
 */
#include <fcntl.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int send_event(const char *data, size_t length)
{
    struct sockaddr_nl all = { .nl_family = AF_NETLINK, .nl_groups = 1 };
    int fd = socket(AF_NETLINK, SOCK_DGRAM, NETLINK_KOBJECT_UEVENT);
    ssize_t n = sendto(fd, data, length, 0, (struct sockaddr *)&all, sizeof all);
    if (n < 0)
        perror("uevents: send");
    close(fd);
    return n < 0;
}

int main(int argc, char **argv)
{
    static char data[60000];
    int failed = 0;
    if (argc == 3 && !strcmp(argv[1], "garbage")) {
        int random = open("/dev/urandom", O_RDONLY);
        for (int i = 0, n = atoi(argv[2]); i < n; i++) {
            ssize_t length = read(random, data, 1 + i * 37 % 4000);
            if (i % 3 == 0) /* some that start out right */
                memcpy(data, "online@/kernel/dlm/", 19);
            failed |= send_event(data, length < 20 ? 20 : length);
        }
        return failed;
    }
    if (argc == 2 && !strcmp(argv[1], "long")) {
        int n = sprintf(data, "online@/kernel/dlm/toolong%cACTION=online%cLOCKSPACE=", 0, 0);
        memset(data + n, 'x', sizeof data - n - 1);
        return send_event(data, sizeof data);
    }
    if (argc == 4 && !strcmp(argv[1], "forge")) {
        int n = sprintf(data, "%s@/kernel/dlm/%s%cACTION=%s%cDEVPATH=/kernel/dlm/%s%cSUBSYSTEM=dlm%cLOCKSPACE=%s%cSEQNUM=99999%c",
            argv[2], argv[3], 0, argv[2], 0, argv[3], 0, 0, argv[3], 0, 0);
        return send_event(data, n);
    }
    if (argc == 4 && !strcmp(argv[1], "flood")) {
        int fd = open("/sys/devices/virtual/mem/null/uevent", O_WRONLY);
        int i = 0;
        for (int n = atoi(argv[2]); i < n || i % 100 != 0 || access(argv[3], F_OK) != 0; i++)
            if (pwrite(fd, "change", 6, 0) != 6) {
                perror("uevents: flood");
                return 1;
            }
        printf("%d\n", i);
        return 0;
    }
    fprintf(stderr, "usage: uevents garbage N | long | forge ACTION NAME | flood N FILE\n");
    return 64;
}
