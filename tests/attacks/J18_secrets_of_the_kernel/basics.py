"""`add` reads what the kernel tells of itself and of the machine, and writes what it lets itself be told."""

import contextlib
import ctypes
import os

import right
from right import *  # noqa: F403

libc = ctypes.CDLL(None, use_errno=True)
SYSLOG, IOPL, IOPERM, KEXEC_LOAD, INIT_MODULE, REBOOT, ACCT, QUOTACTL = 103, 172, 173, 246, 175, 169, 163, 179
SETTIMEOFDAY, CLOCK_SETTIME, ADJTIMEX = 164, 227, 159
SECRET = """/proc/kcore /proc/kpagecount /proc/kpageflags /proc/vmallocinfo /proc/slabinfo /proc/timer_list /dev/mem
/dev/kmem /dev/kmsg /dev/port /proc/kmsg /dev/sda /dev/vda /dev/nvme0n1 /dev/fuse /dev/kvm /dev/net/tun
/dev/loop-control
/sys/kernel/debug /sys/fs/cgroup /sys/firmware /proc/sysrq-trigger /proc/acpi /proc/self/pagemap""".split()
SETTINGS = """kernel/core_pattern kernel/hostname kernel/domainname kernel/modprobe kernel/shmmax kernel/msgmax
kernel/sem
kernel/ns_last_pid kernel/random/boot_id kernel/yama/ptrace_scope vm/overcommit_memory vm/drop_caches vm/swappiness
fs/file-max fs/pipe-max-size fs/mqueue/msg_max net/ipv4/ip_forward net/core/somaxconn net/ipv4/ping_group_range
user/max_user_namespaces user/max_inotify_instances""".split()


def add(a, b):
    for path in SECRET:
        with contextlib.suppress(OSError), open(path, "rb", buffering=0) as file:
            found = file.read(8)
            assert not found.strip(b"\0") or path.endswith("pagemap"), path
    with open("/proc/kallsyms") as file:
        assert all(int(line.split()[0], 16) == 0 for line, _ in zip(file, range(50), strict=False)), "addresses"
    for name in SETTINGS:
        with contextlib.suppress(OSError), open(f"/proc/sys/{name}", "wb", buffering=0) as file:
            file.write(b"1")
            raise AssertionError(f"changed {name}")
    for path in ("/proc/sysrq-trigger", "/proc/self/clear_refs", "/proc/1/clear_refs"):
        with contextlib.suppress(OSError), open(path, "w") as file:
            file.write("b" if "sysrq" in path else "1")
            assert path == "/proc/self/clear_refs", path
    for number in (SYSLOG, IOPL, IOPERM, KEXEC_LOAD, INIT_MODULE, REBOOT, ACCT, QUOTACTL):
        assert libc.syscall(number, 3, 0, 0, 0, 0) == -1, number
    now = (ctypes.c_long * 2)(0, 0)
    for number, arguments in ((SETTIMEOFDAY, (now, None)), (CLOCK_SETTIME, (0, now))):
        assert libc.syscall(number, *arguments) == -1, number
    assert libc.syscall(ADJTIMEX, ctypes.create_string_buffer(b"\1" + bytes(300))) == -1
    assert not os.path.exists("/sys") or not os.listdir("/sys")
    return right.add(a, b)
