"""What kind of place this runs in, for sentences that say what to do there."""

import os
from pathlib import Path

__all__ = ["in_container", "other_state"]

_MARKS = ("/run/.containerenv", "/.dockerenv", "/var/run/secrets/kubernetes.io")
_USERS = Path("/proc/self/uid_map")
_ALL_USERS = "0 0 4294967295"


def in_container() -> bool:
    """Does the grader run in a container, as Docker, Podman and Kubernetes make them?"""
    return "container" in os.environ or any(os.path.exists(mark) for mark in _MARKS)


def other_state(folder: Path) -> str:
    """Say what to do where a course's state cannot be used."""
    try:
        owner, us = folder.stat().st_uid, os.geteuid()
    except OSError:
        return "Name another folder with --state."
    if us in (owner, 0):
        return "Name another folder with --state."
    if in_container() and owner:
        how = f"Start the container with --user {owner}"
    elif in_container() and _has_users_of_its_own():
        # The root in there is whoever started the container.
        how = f"Start the container with --userns keep-id:uid={us},gid={os.getegid()}"
    else:
        how = f"Give it to this user (chown {us})"
    return f"{folder} belongs to user {owner}, and this is user {us}. {how}, or name another folder with --state."


def _has_users_of_its_own() -> bool:
    """Do the numbers of users in here stand for others outside, as in a container that was not started by root?"""
    return " ".join(_USERS.read_text(encoding="ascii").split()) != _ALL_USERS
