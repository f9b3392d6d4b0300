"""Measure what the container costs: `make container`, then `python benchmarks/container.py`.

Grades the same submissions of precision_recall_auc here and in the image, in turn, in one run, and prints
the ratio. Start-up of the container, of the grader and of its slots is in both.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from rich.console import Console

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from throughput import SLUG, write_class  # noqa: E402 (the line above finds it)

LINE = ["batch", SLUG]
GRADER = 1000


def here(folder: Path) -> list[str]:
    with_state = ["--state", str(folder / "state-here")]
    return [sys.executable, str(ROOT / "grade.py"), *LINE, str(folder / "class"), "--regrade", *with_state]


def inside(folder: Path) -> list[str]:
    state = folder / "state-inside"
    state.mkdir(exist_ok=True)
    os.chown(state, GRADER, GRADER)
    mounts = ["--volume", f"{folder}/class:/class:ro", "--volume", f"{state}:/state"]
    run = [str(ROOT / "scripts/container-run"), "--security-opt", "unmask=ALL", *mounts, "autograder"]
    return [*run, "grade.py", *LINE, "/class", "--regrade"]


def seconds(line: list[str]) -> float:
    begin = time.perf_counter()
    subprocess.run(line, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begin


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100, help="submissions in a class")
    parser.add_argument("--runs", type=int, default=5, help="of each; the median counts")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        write_class(folder / "class", options.count)
        times: dict[str, list[float]] = {"here": [], "in the container": []}
        for _ in range(options.runs):
            times["here"].append(seconds(here(folder)))
            times["in the container"].append(seconds(inside(folder)))
    console = Console(highlight=False)
    for place, measured in times.items():
        console.print(f"{place:17} {median(measured):6.1f} s  ({min(measured):.1f} to {max(measured):.1f})")
    ratio = median(times["in the container"]) / median(times["here"])
    console.print(f"{options.count} submissions, {options.runs} runs: {ratio:.2f} times as long in the container")


if __name__ == "__main__":
    main()
