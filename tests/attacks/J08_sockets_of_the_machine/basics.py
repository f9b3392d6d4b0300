"""`add` looks for sockets of services: by their usual paths, in folders where they might be, in the kernel's list."""

import os
import socket
import stat

import right
from right import *  # noqa: F403

SERVICES = """
/run/docker.sock /var/run/docker.sock /run/containerd/containerd.sock /run/podman/podman.sock /run/crio/crio.sock
/run/systemd/private /run/systemd/journal/socket /run/systemd/notify /run/dbus/system_bus_socket /dev/log
/run/udev/control
/run/nscd/socket /var/run/nscd/socket /tmp/.X11-unix/X0 /tmp/nvidia-mps/control /run/nvidia-persistenced/socket
/run/snapd.socket /run/acpid.socket /run/lvm/lvmpolld.socket /var/run/slurm/slurmctld.sock /run/munge/munge.socket.2
""".split()


def fails(family, kind, address):
    with socket.socket(family, kind) as there:
        there.settimeout(0.2)
        try:
            there.connect(address)
        except OSError:
            return True
    return False


def add(a, b):
    for path in SERVICES:
        assert not os.path.lexists(path), path
    for top in ("etc", "dev", "tmp", "var", "run", "srv", "mnt", "media", "sys"):
        for folder, _, names in os.walk(f"/{top}"):
            for name in names:
                assert not stat.S_ISSOCK(os.lstat(os.path.join(folder, name)).st_mode), os.path.join(folder, name)
    with open("/proc/net/unix") as file:
        assert len(file.readlines()) == 1, "sockets of others"
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
        for name in (
            b"\0/tmp/.X11-unix/X0",
            b"\0docker",
            b"\0dbus",
            b"\0nvidia-mps",
            b"\0autograder-user-61184",
            b"\0" + b"0" * 5,
        ):
            assert fails(socket.AF_UNIX, kind, name), name
    assert not [
        name for name in os.environ if "SOCK" in name or "DISPLAY" in name or name.startswith(("SSH_", "DBUS_"))
    ]
    return right.add(a, b)
