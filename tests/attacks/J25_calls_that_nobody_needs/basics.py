"""`add` makes the system calls that are good for attacks on the kernel, and for leaving notes to others."""

import ctypes
import os

import right
from right import *  # noqa: F403

libc = ctypes.CDLL(None, use_errno=True)
page = ctypes.create_string_buffer(4096)
KEYRING_OF_SESSION, KEYRING_OF_USER = -3, -4
CALLS = {
    "add_key": (248, b"user", b"note", b"left", 4, KEYRING_OF_USER),
    "request_key": (249, b"user", b"note", None, KEYRING_OF_SESSION),
    "keyctl": (250, 0, KEYRING_OF_SESSION, 1),
    "io_uring_setup": (425, 8, page),
    "io_uring_enter": (426, 0, 1, 1, 0, None, 0),
    "userfaultfd": (323, 0),
    "userfaultfd for user mode": (323, 1),
    "perf_event_open": (298, page, 0, -1, -1, 0),
    "bpf": (321, 0, page, 72),
    "personality": (135, 0x0040000),
    "modify_ldt": (154, 0, page, 16),
    "fanotify_init": (300, 0, 0),
    "memfd_secret": (447, 0),
    "vmsplice": (278, 1, page, 1, 0),
    "shmget": (29, 0x11111111, 4096, 0o1666),
    "semget": (64, 0x11111111, 1, 0o1666),
    "msgget": (68, 0x11111111, 0o1666),
    "mq_open": (240, b"note", 0o102, 0o666, None),
    "process_vm_readv": (310, os.getpid(), page, 1, page, 1, 0),
    "move_pages": (279, 1, 1, page, None, page, 2),
    "migrate_pages": (256, 1, 1, page, page),
    "lookup_dcookie": (212, 0, page, 4096),
    "delete_module": (176, b"loop", 0),
    "finit_module": (313, 0, b"", 0),
    "kexec_file_load": (320, 0, 0, 0, b"", 0),
    "swapoff": (168, b"/dev/vda"),
    "vhangup": (153,),
    "setdomainname": (171, b"x", 1),
    "capset": (126, page, page),
    "setuid": (105, 0),
    "setresuid": (117, 0, 0, 0),
    "setfsuid": (122, 0),
    "setgroups": (116, 1, page),
    "setgid": (106, 0),
    "ioprio_set": (251, 1, 0, 1 << 13),
    "sched_setscheduler": (144, 0, 1, page),
    "sched_setattr": (314, 0, page, 0),
    "set_mempolicy_home_node": (450, 0, 0, 0, 0),
    "mknod": (133, b"device", 0o20666, 0x101),
    "setxattr": (188, b"/tmp", b"user.note", b"left", 4, 0),
    "seccomp": (317, 3, 0, page),
}


def add(a, b):
    answered = []
    for name, (number, *arguments) in CALLS.items():
        result = libc.syscall(number, *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
        if result >= 0 and not (name == "setfsuid" and result == os.getuid()):
            answered.append((name, result))
    assert not answered, answered
    with open("/proc/self/status") as file:
        user = next(line.split()[1:] for line in file if line.startswith("Uid:"))
    assert set(user) == {str(os.getuid())} != {"0"}, user
    return right.add(a, b)
