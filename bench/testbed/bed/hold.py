# SPDX-License-Identifier: Apache-2.0
"""A write of control = 0 that blocks in the kernel, for as long as a scenario wants it to."""

from .testbed import check


class HeldStop:
    """Keeps one lockspace of one guest from stopping; the others of that guest are not touched.

    dlm_ls_stop waits, uninterruptibly, for the lockspace's recovery thread. That thread is made a real-time task while the
    kernel's budget for such tasks is spent, so it never runs; whoever writes control = 0 sleeps in the kernel as with a
    real hang, and a SIGKILL does not wake him. Made an ordinary task again, the thread goes on at once.
    """

    def __init__(self, guest, lockspace, join):
        """Joins the lockspace by calling join(), which tells which thread is its own: all have one name."""
        before = recovery_threads(guest)
        join()
        new = recovery_threads(guest) - before
        check(len(new) == 1, f"{guest.name}: {lockspace} has {len(new)} recovery threads")
        self.guest, self.lockspace, self.thread = guest, lockspace, new.pop()

    def hold(self):
        self.guest.run(f"""set -e
            cd /proc/sys/kernel
            echo 1000000000 > sched_rt_period_us
            echo 1 > sched_rt_runtime_us
            chrt -f 1 sh -c 'while :; do :; done' & # spends the budget
            sleep 0.3
            chrt -o -p 0 $!
            kill -9 $!
            chrt -f -p 1 {self.thread}""")

    def blocks(self):
        """Whether somebody sleeps in the stop right now."""
        return "dlm_ls_stop" in self.guest.out("cat /proc/[0-9]*/task/[0-9]*/wchan 2>/dev/null", check=False)

    def release(self):
        self.guest.run(f"""chrt -o -p 0 {self.thread}
            echo 1000000 > /proc/sys/kernel/sched_rt_period_us
            echo 950000 > /proc/sys/kernel/sched_rt_runtime_us""")


def recovery_threads(guest):
    return set(guest.out("pgrep -x dlm_recoverd", check=False).split())


