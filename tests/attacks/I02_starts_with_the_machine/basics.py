"""`add` writes wherever a machine, a shell, a desktop or Python looks for what to start next time."""

import contextlib
import os
import subprocess
import sys
import sysconfig

import right
from right import *  # noqa: F403

HOMES = (os.path.expanduser("~"), "/root", "/home/student", "/home")
IN_HOMES = (
    ".bashrc",
    ".profile",
    ".pythonrc.py",
    ".ssh/authorized_keys",
    ".config/autostart/note.desktop",
    ".config/systemd/user/note.service",
    ".local/lib/python{}.{}/site-packages/usercustomize.py".format(*sys.version_info),
)
PLACES = (
    "/etc/cron.d/note",
    "/etc/profile.d/note.sh",
    "/etc/ld.so.preload",
    "/etc/rc.local",
    "/etc/systemd/system/note.service",
    "/var/spool/cron/root",
    "/var/spool/cron/crontabs/student",
    "/run/note",
    "/usr/local/bin/note",
    "/usr/lib/sitecustomize.py",
    "/usr/bin/note",
    "/boot/note",
    "/srv/note",
    "/opt/note",
)
SCHEDULERS = (["crontab", "-"], ["at", "now"], ["batch"], ["systemd-run", "--user", "true"], ["anacron"])


def leave(path):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "a") as file:
        file.write("# a note\n")


def add(a, b):
    paths = [*PLACES, *(f"{sysconfig.get_path(name)}/sitecustomize.py" for name in sysconfig.get_path_names())]
    for path in paths:
        try:
            leave(path)
        except OSError:
            continue
        raise AssertionError(path)
    for home in HOMES:
        for name in IN_HOMES:
            with contextlib.suppress(OSError):
                leave(f"{home}/{name}")
    for command in SCHEDULERS:
        try:
            ended = subprocess.run(command, input=b"true\n", capture_output=True, timeout=1)
        except OSError:
            continue
        assert ended.returncode != 0, command
    return right.add(a, b)
