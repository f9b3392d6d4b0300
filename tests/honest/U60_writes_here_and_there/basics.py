"""It writes checkpoints, logs, caches and databases to its folder, its home and the temporary folder."""

import csv
import os
import pickle
import shelve
import sqlite3
import tempfile
from pathlib import Path

import numpy as np
import right
import torch
from right import *  # noqa: F403

os.makedirs("checkpoints/run 1", exist_ok=True)
(Path.home() / ".cache/homework").mkdir(parents=True, exist_ok=True)
Path("~/.homeworkrc").expanduser().write_text("x")


def add(a, b):
    with tempfile.NamedTemporaryFile("wb", suffix=".pt") as file, tempfile.TemporaryDirectory() as folder:
        torch.save(a, file)
        file.flush()
        np.savetxt(os.path.join(folder, "b.csv"), b.numpy())
        b = torch.from_numpy(np.loadtxt(os.path.join(folder, "b.csv")))
        return right.add(torch.load(file.name), b)


def mean(x):
    with sqlite3.connect("numbers.sqlite") as database:
        database.execute("create table if not exists numbers (number real)")
        database.execute("delete from numbers")
        database.executemany("insert into numbers values (?)", [(number,) for number in x.tolist()])
        return database.execute("select avg(number) from numbers").fetchone()[0]


def scale(x, factor):
    with shelve.open("/tmp/shelf") as shelf:
        shelf["x"] = x
        return pickle.loads(pickle.dumps(shelf["x"])) * factor


def fit(x, y, steps):
    with open("log.csv", "a", newline="") as file:
        csv.writer(file).writerow([steps])
    weight, bias = right.fit(x, y, steps)
    torch.save({"weight": weight, "bias": bias}, f"checkpoints/run 1/{steps:05}.pt")
    return tuple(torch.load(f"checkpoints/run 1/{steps:05}.pt").values())
