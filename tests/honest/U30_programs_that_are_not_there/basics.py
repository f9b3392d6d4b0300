"""It asks programs and the system about the machine, and does without an answer."""

import getpass
import os
import platform
import shutil
import socket
import subprocess
from pathlib import Path

import right
import torch
from right import *  # noqa: F403


def output(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=1).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return "unknown"


def user():
    try:
        return os.getlogin()
    except OSError:
        return getpass.getuser()


COMMIT = output("git", "rev-parse", "HEAD")
GPU = output("nvidia-smi", "--query-gpu=name", "--format=csv")
HOST = output("hostname")
MACHINE = {
    "user": user(),
    "node": platform.node(),
    "python": platform.python_version(),
    "host": socket.gethostname(),
    "cores": os.cpu_count(),
    "free": shutil.disk_usage("/tmp").free,
    "home": str(Path.home()),
    "threads": torch.get_num_threads(),
    "memory": Path("/proc/meminfo").read_text().split("\n")[0] if Path("/proc/meminfo").exists() else "",
    "shell": os.environ.get("SHELL", ""),
}


def add(a, b):
    print(COMMIT, GPU, HOST, MACHINE, output("sh", "-c", "echo $((1 + 1))"), os.system("exit 3"))
    return right.add(a, b)
