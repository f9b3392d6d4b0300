"""The system calls that a worker may make, as a BPF program.

The list is what glibc, CPython, PyTorch, OpenMP and subprocesses of theirs need. Anything else answers "no such call"
(ENOSYS), to which libraries have a fallback; a call of another architecture ends the process. What can be misused only
with certain arguments is allowed with the others: sockets of families that stay on the machine, `clone` without new
namespaces, `ioctl` without terminal injection.

The program is made here, on the trusted side, and loaded by the worker, so that the worker needs no library for it.
"""

import errno
import functools
import itertools
import os

import pyseccomp

__all__ = ["program"]

_ALLOWED = """
accept accept4 access alarm arch_prctl bind brk capget chdir chmod clock_getres clock_gettime clock_nanosleep close
close_range connect copy_file_range creat dup dup2 dup3 epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2
epoll_wait eventfd eventfd2 execve execveat exit exit_group faccessat faccessat2 fadvise64 fallocate fchdir fchmod
fchmodat fchown fchownat fcntl fdatasync flock fork fstat fstatfs fsync ftruncate futex futex_waitv getcpu getcwd
getdents getdents64 getegid geteuid getgid getgroups getitimer getpeername getpgid getpgrp getpid getppid getpriority
getrandom getresgid getresuid getrlimit getrusage getsid getsockname getsockopt gettid gettimeofday getuid getxattr
inotify_add_watch inotify_init inotify_init1 inotify_rm_watch kill lgetxattr link linkat listen listxattr llistxattr
lseek lstat madvise membarrier mincore mkdir mkdirat mlock mlock2 mmap mprotect mremap msync munlock munmap nanosleep
newfstatat open openat openat2 pause pidfd_open pidfd_send_signal pipe pipe2 pkey_alloc pkey_free pkey_mprotect poll
ppoll prctl pread64 preadv preadv2 prlimit64 pselect6 pwrite64 pwritev pwritev2 read readahead readlink readlinkat
readv recvfrom recvmmsg recvmsg rename renameat renameat2 restart_syscall rmdir rseq rt_sigaction rt_sigpending
rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo sched_get_priority_max
sched_get_priority_min sched_getaffinity sched_getattr sched_getparam sched_getscheduler sched_setaffinity sched_yield
select sendfile sendmmsg sendmsg sendto set_robust_list set_tid_address setitimer setpgid setpriority setrlimit setsid
setsockopt shutdown sigaltstack signalfd signalfd4 splice stat statfs statx symlink symlinkat sync_file_range sysinfo
tee tgkill time timer_create timer_delete timer_getoverrun timer_gettime timer_settime timerfd_create timerfd_gettime
timerfd_settime times tkill truncate umask uname unlink unlinkat utime utimensat utimes vfork wait4 waitid write writev
""".split()

# For a GPU's driver and for NUMA-aware allocators: harmless placement of one's own memory.
_ALLOWED += "get_mempolicy mbind set_mempolicy".split()

_UNIX, _INTERNET = 1, (2, 10)  # AF_INET and AF_INET6 reach nothing but an empty namespace
_PROTOCOLS = (0, 6, 17)  # the usual one, TCP, UDP: others may have the kernel load a module
_NEW_NAMESPACES = 0x00000080 | 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000
_TERMINAL_INJECTION = 0x5412  # TIOCSTI


@functools.cache
def program() -> bytes:
    """Return the filter as a sequence of 8-byte BPF instructions for this machine's architecture."""
    rules = pyseccomp.SyscallFilter(defaction=pyseccomp.ERRNO(errno.ENOSYS))
    for name in _ALLOWED:
        _allow(rules, name)
    _allow(rules, "socket", pyseccomp.Arg(0, pyseccomp.EQ, _UNIX))
    for family, protocol in itertools.product(_INTERNET, _PROTOCOLS):
        _allow(rules, "socket", pyseccomp.Arg(0, pyseccomp.EQ, family), pyseccomp.Arg(2, pyseccomp.EQ, protocol))
    _allow(rules, "socketpair", pyseccomp.Arg(0, pyseccomp.EQ, 1))
    _allow(rules, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, _NEW_NAMESPACES, 0))
    for bit in (1 << position for position in range(32)):
        # "Not equal" would look at all 64 bits of the request, where the kernel looks at 32: so differ in one of these.
        _allow(rules, "ioctl", pyseccomp.Arg(1, pyseccomp.MASKED_EQ, bit, ~_TERMINAL_INJECTION & bit))
    with os.fdopen(os.memfd_create("filter"), "w+b") as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def _allow(rules: "pyseccomp.SyscallFilter", name: str, *arguments: "pyseccomp.Arg") -> None:
    if pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name) >= 0:
        rules.add_rule(pyseccomp.ALLOW, name, *arguments)
