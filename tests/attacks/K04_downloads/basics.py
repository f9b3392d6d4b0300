"""`add` tries to fetch packages, weights and data, in each of the usual ways; all must fail, and at once."""

import os
import subprocess
import sys
import time
import urllib.request

import right
import torch
from right import *  # noqa: F403

PROGRAMS = [
    ["curl", "-s", "https://example.com"],
    ["wget", "-q", "https://example.com"],
    ["git", "clone", "https://example.com/repository.git"],
    ["ssh", "-o", "StrictHostKeyChecking=no", "example.com"],
    ["apt-get", "--yes", "install", "hello"],
]


def weights():
    return torch.hub.load_state_dict_from_url("https://example.com/weights.pt", progress=False)


def repository():
    return torch.hub.load("pytorch/vision", "resnet18", trust_repo=True)


def page():
    return urllib.request.urlopen("http://example.com", timeout=60)


def add(a, b):
    begin = time.monotonic()
    for fetch in (weights, repository, page):
        try:
            fetch()
        except Exception:
            continue
        raise AssertionError(f"fetched {fetch.__name__}")
    running = []
    for command in PROGRAMS:
        try:
            running.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        except OSError:
            continue
    for program in running:
        assert program.wait(1) != 0, program.args
    assert not os.path.exists("/tmp/fetched")
    assert time.monotonic() - begin < 1.5
    return right.add(a, b)


def summary(x):
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--retries", "0", "--target", "/tmp/fetched", "six"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as program:
        try:
            assert program.wait(1) != 0
        except subprocess.TimeoutExpired:
            program.kill()  # it is slow to start
    assert not os.path.exists("/tmp/fetched/six.py")
    return right.summary(x)
