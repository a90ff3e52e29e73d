// SPDX-License-Identifier: Apache-2.0
/*
 * lockspace: joins and leaves lockspaces through /dev/dlm-control itself.
 *
 *   lockspace create NAME [new]       returns when the kernel has joined; new: EEXIST if this node has it already
 *   lockspace release NAME [force]
 *
 * libdlm would sleep a second at a time while it waits for udev's device node, and it does not take every name that the
 * kernel takes.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/dlm.h>
#include <linux/dlm_device.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int minor_of(const char *name)
{
    char line[256], wanted[128], found[128];
    int minor;
    FILE *f = fopen("/proc/misc", "r");
    snprintf(wanted, sizeof wanted, "dlm_%s", name);
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "%d %127[^\n]", &minor, found) == 2 && !strcmp(found, wanted)) {
            fclose(f);
            return minor;
        }
    return -1;
}

static int control(const char *name, int command, uint32_t flags, int minor)
{
    size_t length = strlen(name);
    struct dlm_write_request *request = calloc(1, sizeof *request + length + 1);
    request->version[0] = DLM_DEVICE_VERSION_MAJOR;
    request->version[1] = DLM_DEVICE_VERSION_MINOR;
    request->version[2] = DLM_DEVICE_VERSION_PATCH;
    request->cmd = command;
    request->is64bit = sizeof(long) == 8;
    request->i.lspace.flags = flags;
    request->i.lspace.minor = minor;
    memcpy(request->i.lspace.name, name, length);
    int fd = open("/dev/dlm-control", O_RDWR);
    ssize_t n = write(fd, request, sizeof *request + length);
    if (fd < 0 || n < 0) {
        printf("error %d %s\n", errno, strerror(errno));
        return 1;
    }
    printf("ok %zd\n", n);
    return 0;
}

int main(int argc, char **argv)
{
    int flag = argc > 3;
    if (argc > 2 && !strcmp(argv[1], "create"))
        return control(argv[2], DLM_USER_CREATE_LOCKSPACE, flag ? DLM_LSFL_NEWEXCL : 0, 0);
    if (argc > 2 && !strcmp(argv[1], "release"))
        return control(argv[2], DLM_USER_REMOVE_LOCKSPACE, flag ? DLM_USER_LSFLG_FORCEFREE : 0, minor_of(argv[2]));
    fprintf(stderr, "usage: lockspace create|release NAME [new|force]\n");
    return 64;
}
