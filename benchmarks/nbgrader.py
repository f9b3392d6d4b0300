"""Measure `nbgrader autograde` beside `grade.py nbgrader grade` on the same twenty notebooks, in one run.

In stock nbgrader, each test cell asserts one value, so that what it spends is starting a kernel and importing PyTorch.
Ours grades with the whole hidden suite in the sandbox. Prints seconds and their ratio.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from throughput import ENVIRONMENT, SLUG, sources  # noqa: E402 (the line above finds it)

_STOCK = """\
import torch
values = precision_recall(torch.tensor([0, 1, 1]), torch.tensor([0, 1, 1]), 2)
assert float(values[0][0]) == 1.0
"""


def environment(home: Path) -> dict[str, str]:
    """Return an environment in which nbgrader finds nothing of whoever runs this."""
    folders = {f"JUPYTER_{kind}_DIR": str(home / kind) for kind in ("CONFIG", "DATA", "RUNTIME")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**ENVIRONMENT, **folders, "HOME": str(home), "JUPYTER_PLATFORM_DIRS": "1", "PATH": path}


def timed(home: Path, *command: object) -> float:
    """Return the seconds that a command takes in the folder of a course."""
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *map(str, command)], cwd=home / "course", env=environment(home), capture_output=True, text=True
    )
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{done.stderr}")
    return time.perf_counter() - begin


def write_course(home: Path, *, stock: bool) -> Path:
    """Write a course with twenty notebooks handed in; in a stock one, the test cells assert."""
    course = home / "course"
    course.mkdir(parents=True)
    timed(home, ROOT / "grade.py", "release", SLUG, "--nbgrader", course, "--course", ROOT, "--state", home / "state")
    source = course / "source" / SLUG / f"{SLUG}.ipynb"
    if stock:
        notebook = json.loads(source.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade"):
                cell["source"] = _STOCK
        source.write_text(json.dumps(notebook), encoding="utf-8")
    timed(home, "-m", "nbgrader", "generate_assignment", SLUG)
    released = json.loads((course / "release" / SLUG / f"{SLUG}.ipynb").read_text(encoding="utf-8"))
    for number, text in enumerate(sources()):
        folder = course / "submitted" / f"student{number:02}" / SLUG
        folder.mkdir(parents=True)
        (folder / f"{SLUG}.ipynb").write_text(json.dumps(_answered(released, text)), encoding="utf-8")
    return course


def _answered(notebook: dict[str, object], text: str) -> dict[str, object]:
    """Return a notebook with a whole module in its first answer cell, and nothing in the others."""
    copied = json.loads(json.dumps(notebook))
    for cell in copied["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"], text = text, ""
    return copied


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        homes = {name: Path(folder) / name for name in ("stock", "ours", "inside")}
        for name, home in homes.items():
            write_course(home, stock=name == "stock")
        inside = homes["inside"]
        timed(inside, ROOT / "grade.py", "nbgrader", "init", "--course", ROOT, "--state", inside / "state")
        grade = (ROOT / "grade.py", "nbgrader", "grade", SLUG, "--state", homes["ours"] / "state")
        seconds = {
            "nbgrader autograde, a kernel each": timed(homes["stock"], "-m", "nbgrader", "autograde", SLUG),
            "nbgrader autograde, in the sandbox": timed(inside, "-m", "nbgrader", "autograde", SLUG),
            "grade.py nbgrader grade": timed(homes["ours"], *grade, "--course", ROOT),
        }
    table = Table("20 notebooks, from a cold start", title=f"{SLUG}, {os.cpu_count()} cores", title_justify="left")
    for heading in ("seconds", "a notebook", "throughput"):
        table.add_column(heading, justify="right")
    slowest = next(iter(seconds.values()))
    for name, took in seconds.items():
        table.add_row(name, f"{took:.1f}", f"{took / 20:.2f} s", f"{slowest / took:.1f} times")
    Console().print(table)


if __name__ == "__main__":
    main()
