"""`add` runs the programs that run as root, and one that it has marked so itself."""

import os
import shutil
import stat
import subprocess

import right
from right import *  # noqa: F403


def said(*command):
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=1)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def add(a, b):
    user = str(os.getuid())
    assert user != "0"
    for folder in ("/usr/bin", "/usr/sbin"):
        for name in os.listdir(folder):
            path = os.path.join(folder, name)
            if os.stat(path, follow_symlinks=False).st_mode & (stat.S_ISUID | stat.S_ISGID):
                assert os.statvfs(path).f_flag & os.ST_NOSUID, path
    for command in (["su", "-c", "id -u"], ["sudo", "-n", "id", "-u"], ["pkexec", "id", "-u"], ["sg", "root", "id -u"]):
        assert said(*command) in (None, user), command
    for command in (["mount", "-t", "tmpfs", "none", "/tmp/work"], ["umount", "/proc"], ["newgrp", "root"], ["chsh"]):
        assert said(*command) is None, command
    shutil.copy("/usr/bin/id", "id")
    os.chmod("id", 0o6755)
    assert said("./id", "-u") == user
    with open("/proc/self/status") as file:
        status = dict(line.split(":\t", 1) for line in file if ":\t" in line)
    assert all(int(status[f"Cap{kind}"], 16) == 0 for kind in ("Inh", "Prm", "Eff", "Bnd", "Amb")), status
    assert status["NoNewPrivs"].strip() == "1"
    return right.add(a, b)
