"""Takes away what only Unix has, from every Python that finds this file first, as far as the libraries here bear it.

PyTorch and NumPy ask a Linux for `os.register_at_fork` and `os.uname`, so these two stay.
"""

import os
import select
import signal
import socket
import subprocess
import sys

MODULES = "crypt fcntl grp nis pty pwd pyseccomp resource spwd syslog termios tty"
NAMES = {
    os: """
        O_CLOEXEC O_DIRECTORY O_NOFOLLOW O_NONBLOCK chown chroot fork forkpty get_blocking getegid geteuid
        getgid getloadavg getpgid getpgrp getsid getuid killpg lchown memfd_create mkfifo mknod nice openpty
        pidfd_open pipe2 posix_spawn posix_spawnp pread pwrite readv sched_getaffinity sched_yield sendfile
        set_blocking setgid setpgid setsid setuid sync wait wait3 wait4 waitid writev
    """,
    select: "epoll poll",
    signal: """
        SIGALRM SIGHUP SIGKILL SIGPIPE SIGQUIT SIGUSR1 SIGUSR2 SIG_BLOCK SIG_SETMASK SIG_UNBLOCK alarm getitimer pause
        pthread_kill pthread_sigmask setitimer siginterrupt sigpending sigwait
    """,
    socket: "AF_UNIX CMSG_LEN CMSG_SPACE SCM_RIGHTS SOCK_SEQPACKET",
}

for module in MODULES.split():
    sys.modules[module] = None
for owner, names in NAMES.items():
    for name in names.split():
        vars(owner).pop(name, None)
os.supports_dir_fd, os.supports_fd = set(), set()
# On Windows it kills without a signal.
subprocess.Popen.kill = lambda self: self.send_signal(9)
