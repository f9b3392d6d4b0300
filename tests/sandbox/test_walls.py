"""What a worker can see, touch and ask of the kernel. Each test looks from inside a real one."""

import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyseccomp
import pytest

import autograder

Workers = Callable[..., Any]

STATUS = """
    def f():
        lines = open("/proc/self/status").read().splitlines()
        return {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}
"""


def test_a_worker_is_nobody(worker: Workers) -> None:
    user = worker("""
        import os
        def f():
            return [*os.getresuid(), *os.getresgid(), *os.getgroups()], open("/proc/self/uid_map").read().split()
    """)
    numbers, mapping = user.call("f")
    assert 0 not in numbers
    assert mapping[1] != "0" and mapping[2] == "1", "one user, who is not the root of the zygote's namespace"


def test_a_worker_has_no_capabilities_and_cannot_get_any(worker: Workers) -> None:
    status = worker(STATUS).call("f")
    for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(status[name], 16) == 0, name
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"
    assert status["Threads"] == "1", "a second thread would hide what a refused call answers"


def test_a_worker_has_five_descriptors(worker: Workers) -> None:
    descriptors = worker("""
        import os
        def f():
            links = {}
            for name in os.listdir("/proc/self/fd"):
                try:
                    links[name] = os.readlink(f"/proc/self/fd/{name}")
                except OSError:
                    pass  # the one that listed them
            return links
    """).call("f")
    assert descriptors.pop("0") == "/dev/null"
    assert sorted(link.partition(":")[0] for link in descriptors.values()) == ["pipe"] * 4
    assert descriptors["1"] == descriptors["2"]


def test_a_worker_sees_only_its_own_processes(worker: Workers) -> None:
    look = worker("""
        import os
        def f():
            return sorted(int(name) for name in os.listdir("/proc") if name.isdigit()), os.getpid(), os.getppid()
        def init(name):
            return open(f"/proc/1/{name}", "rb").read(100)
    """)
    numbers, own, parent = look.call("f")
    assert parent == 1
    assert numbers == [1, own]
    for name in ("mem", "environ", "maps", "exe", "cwd/module.py"):
        assert look.reply("init", name)["raised"]["type"] == "PermissionError", name


CALLS = """
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)
    def errors(numbers):
        found = {}
        for name, number in numbers.items():
            result = libc.syscall(number, 0, 0, 0, 0, 0, 0)
            found[name] = ctypes.get_errno() if result == -1 else 0
        return found
    def clone(number, flags):
        libc.syscall(number, flags | 17, 0, 0, 0, 0)
        return ctypes.get_errno()
"""
ENOSYS = 38

REFUSED = """
_sysctl acct add_key adjtimex bpf chroot clock_settime clone3 create_module delete_module fanotify_init finit_module
fsconfig fsmount fsopen get_kernel_syms init_module io_uring_enter io_uring_register io_uring_setup ioperm iopl kcmp
kexec_file_load kexec_load keyctl landlock_create_ruleset lookup_dcookie migrate_pages mount mount_setattr move_mount
move_pages mq_open msgget name_to_handle_at nfsservctl open_by_handle_at open_tree perf_event_open personality
pidfd_getfd pivot_root process_madvise process_vm_readv process_vm_writev ptrace query_module quotactl reboot
request_key rt_sigtimedwait_time64 seccomp semget setdomainname setfsuid setgid setgroups sethostname setns
setresuid settimeofday setuid shmat shmget swapoff swapon syslog umount2 unshare uselib userfaultfd vhangup vmsplice
""".split()


def test_calls_that_reach_further_than_a_worker_may_are_not_there(worker: Workers) -> None:
    known = {name: pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name) for name in REFUSED}
    numbers = {name: number for name, number in known.items() if number >= 0}
    assert len(numbers) > 60
    answers = worker(CALLS).call("errors", numbers)
    assert {name: error for name, error in answers.items() if error != ENOSYS} == {}


@pytest.mark.parametrize("flag", [0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000])
def test_no_process_is_made_in_a_new_namespace(worker: Workers, flag: int) -> None:
    number = pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, "clone")
    assert worker(CALLS).call("clone", number, flag) == ENOSYS


def test_no_terminal_can_be_typed_into(worker: Workers) -> None:
    ask = worker("""
        import ctypes, os
        libc = ctypes.CDLL(None, use_errno=True)
        def ioctl(request):
            pipe, _ = os.pipe()
            count = ctypes.c_int()
            result = libc.syscall(16, pipe, ctypes.c_ulong(request), ctypes.byref(count))
            return ctypes.get_errno() if result else 0
        def terminal():
            return open("/dev/tty")
    """)
    assert ask.call("ioctl", 0x5412) == ENOSYS
    assert ask.call("ioctl", 0x5412 + 2**32) == ENOSYS, "the kernel looks at 32 bits"
    assert ask.call("ioctl", 0x541B) == 0, "FIONREAD is harmless, and used"
    assert ask.reply("terminal")["raised"]["type"] == "OSError"


def test_a_socket_reaches_nothing(worker: Workers) -> None:
    ask = worker("""
        import socket
        def families():
            made = []
            for family in range(1, 46):
                for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
                    try:
                        socket.socket(family, kind).close()
                    except OSError:
                        continue
                    made.append(family)
            return sorted(set(made))
        def interfaces():
            return [line.split(":")[0].strip() for line in open("/proc/net/dev").readlines()[2:]]
        def connect(name):
            socket.socket(socket.AF_UNIX).connect(name)
    """)
    assert set(ask.call("families")) <= {socket.AF_UNIX, socket.AF_INET, socket.AF_INET6}
    assert ask.call("interfaces") == ["lo"]
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("\0autograder-test")
        listening.listen()
        with socket.socket(socket.AF_UNIX) as outside:
            outside.connect("\0autograder-test")
        assert ask.reply("connect", "\0autograder-test")["raised"]["type"] == "ConnectionRefusedError"


FILES = """
    import os
    def writable():
        found = []
        for folder, folders, _ in os.walk("/"):
            if folder == "/":
                folders[:] = [name for name in folders if name not in ("proc", "sys")]
            if os.access(folder, os.W_OK):
                found.append(folder)
        return found
    def writable_mounts():
        lines = [line.split() for line in open("/proc/self/mountinfo")]
        return [line[4] for line in lines if "ro" not in line[5].split(",")]
    def names(folder):
        return sorted(os.listdir(folder))
    def visible(paths):
        return [path for path in paths if os.path.lexists(path)]
    def importable(names):
        import importlib.util
        return [name for name in names if importlib.util.find_spec(name)]
    def size(folder):
        status = os.statvfs(folder)
        return status.f_blocks * status.f_frsize
"""


def test_only_the_scratch_folders_can_be_written(worker: Workers) -> None:
    look = worker(FILES)
    assert set(look.call("writable")) == {"/tmp", "/tmp/work", "/dev/shm"}
    outside = [path for path in look.call("writable_mounts") if path.partition("/")[2].partition("/")[0] != "dev"]
    assert set(outside) <= {"/tmp", "/proc"}, "what is read-only for its owner too"


def test_scratch_is_as_large_as_it_may_be(worker: Workers) -> None:
    look = worker(FILES)
    assert look.call("size", "/tmp") == look.call("size", "/dev/shm") == 16 * 2**20


def test_nothing_of_the_project_or_the_home_folder_is_visible(worker: Workers, tmp_path: Path) -> None:
    look = worker(FILES)
    project = Path(autograder.__file__).parents[1]
    hidden = [project, tmp_path, Path.home() / ".ssh", Path("/etc/shadow"), Path("/etc/hostname"), Path("/var/log")]
    assert look.call("visible", [str(path) for path in hidden]) == []
    python = Path(os.path.realpath(sys.base_prefix))
    if python.is_relative_to(Path.home()):
        allowed = {python.relative_to(Path.home()).parts[0]}
        assert set(look.call("names", str(Path.home()))) == allowed
    else:
        assert look.call("visible", [str(Path.home())]) in ([], ["/tmp"])


def test_no_file_of_the_grader_is_among_the_packages(worker: Workers) -> None:
    look = worker(FILES)
    packages = [name.lower() for name in look.call("names", "/runtime/site-packages")]
    assert "torch" in packages
    strangers = ("autograder", "pytest", "_pytest", "click", "rich", "sqlalchemy", "msgspec", "hypothesis")
    assert [name for name in packages if name.startswith((*strangers, "__editable__"))] == []
    assert look.call("importable", ["autograder", "pytest", "click", "sqlalchemy"]) == []


def test_the_environment_says_nothing_about_the_grader(worker: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = worker("import os\ndef f(): return dict(os.environ)").call("f")
    assert environment["HOME"] == "/tmp"
    for name, value in environment.items():
        assert "grader" not in name.lower() and str(Path.home()) not in value, name


def test_a_privileged_program_gains_nothing(worker: Workers) -> None:
    ran = worker("""
        import subprocess
        def f():
            found = []
            for command in (["su", "-c", "id"], ["mount", "-t", "tmpfs", "x", "/tmp"], ["unshare", "-U", "id"]):
                try:
                    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=20)
                except (OSError, subprocess.TimeoutExpired):
                    continue
                found.append(done.returncode)
            return found
    """).call("f")
    assert 0 not in ran


NOTES = """
    import os, socket
    def folders():
        for folder, folders, _ in os.walk("/"):
            if folder == "/":
                folders[:] = [name for name in folders if name not in ("proc", "sys", "usr", "lib", "runtime")]
            yield folder
    def leave():
        left = []
        for folder in folders():
            try:
                open(os.path.join(folder, "note-for-the-next"), "x").close()
                left.append(folder)
            except OSError:
                continue
        listening = socket.socket(socket.AF_UNIX)
        listening.bind("\\0note-for-the-next")
        listening.listen()
        globals()["kept"] = listening
        return left
    def find():
        try:
            socket.socket(socket.AF_UNIX).connect("\\0note-for-the-next")
            return ["a socket"]
        except OSError:
            pass
        return [folder for folder in folders() if os.path.exists(os.path.join(folder, "note-for-the-next"))]
"""


def test_no_note_reaches_the_next_worker(worker: Workers) -> None:
    first = worker(NOTES)
    assert {"/tmp", "/tmp/work", "/dev/shm"} <= set(first.call("leave"))
    assert set(first.call("find")), "it finds its own"
    assert worker(NOTES).call("find") == [], "while the first lives"
    first.session.close()
    assert worker(NOTES).call("find") == [], "and when it has ended"
