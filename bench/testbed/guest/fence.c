// SPDX-License-Identifier: Apache-2.0
/*
 * fence: asks the host of the test bed to switch off a machine, as a real fence command asks a hypervisor or a PDU.
 *
 *   fence NUMBER
 *
 * Ends with 0 when the machine is off, and with another status if it could not be, or nobody answers within 20 s.
 */
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static int open_port(void)
{
    char path[512], name[64];
    struct dirent *entry;
    DIR *ports = opendir("/sys/class/virtio-ports");
    while (ports && (entry = readdir(ports))) {
        snprintf(path, sizeof path, "/sys/class/virtio-ports/%s/name", entry->d_name);
        FILE *file = fopen(path, "r");
        int found = file && fgets(name, sizeof name, file) && !strcmp(name, "fence\n");
        if (file)
            fclose(file);
        if (found) {
            snprintf(path, sizeof path, "/dev/%s", entry->d_name);
            return open(path, O_RDWR);
        }
    }
    return -1;
}

int main(int argc, char **argv)
{
    char answer[64];
    size_t have = 0;
    if (argc != 2)
        return 64;
    /* One at a time: the port takes one opener. */
    int lock = open("/run/fence.lock", O_RDWR | O_CREAT, 0600);
    if (lock < 0 || flock(lock, LOCK_EX))
        return 71;
    int port = open_port();
    if (port < 0) {
        perror("fence: port");
        return 69;
    }
    dprintf(port, "%s\n", argv[1]);
    while (have < sizeof answer - 1) {
        struct pollfd ready = { port, POLLIN, 0 };
        if (poll(&ready, 1, 20000) != 1 || read(port, answer + have, 1) != 1)
            return 75;
        if (answer[have++] == '\n')
            break;
    }
    answer[have] = 0;
    printf("%s", answer);
    return strncmp(answer, "off ", 4) || atoi(answer + 4) != atoi(argv[1]);
}
