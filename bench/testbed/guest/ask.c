// SPDX-License-Identifier: Apache-2.0
/*
 * ask: one line to a Unix socket, and what comes back.
 *
 *   ask SOCKET LINE
 *
 * The agent's own client starts a virtual machine for each question, which costs seconds on an emulated processor.
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    char buffer[65536];
    ssize_t n;
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (argc != 3 || strlen(argv[1]) >= sizeof address.sun_path)
        return 64;
    strcpy(address.sun_path, argv[1]);
    if (connect(fd, (struct sockaddr *)&address, sizeof address)) {
        perror(argv[1]);
        return 69;
    }
    dprintf(fd, "%s\n", argv[2]);
    while ((n = read(fd, buffer, sizeof buffer)) > 0)
        fwrite(buffer, 1, n, stdout);
    return n < 0;
}
