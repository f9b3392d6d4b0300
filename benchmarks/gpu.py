"""Measure what grading on a GPU costs: `make gpu`, which runs this last.

Prints a table for docs/gpu-results.md: how long a CUDA context takes, how much memory a worker holds before it has
computed anything, and how many submissions to gpu_move are graded in a second. Workers make their context while the
submission before theirs is judged: what that hides is the difference between a slot's first worker and the later ones.
"""

import argparse
import contextlib
import itertools
import platform
import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from autograder.assemble import Job  # noqa: E402 (the line above finds it)
from autograder.assignment import Assignment, load, parse_size  # noqa: E402
from autograder.authoring.mutants import load_mutants  # noqa: E402
from autograder.errors import GpuUnavailable  # noqa: E402
from autograder.grading import confined_pool  # noqa: E402
from autograder.sandbox import gpu  # noqa: E402
from autograder.sandbox.base import Bounds  # noqa: E402
from autograder.sandbox.bubblewrap import likely_recipe  # noqa: E402
from autograder.submission import receive  # noqa: E402

SECRET = b"the secret of the measurements on a GPU"


def jobs(exercise: Assignment, count: int, folder: Path) -> list[Job]:
    """Return so many submissions, of the reference and its mutants in turn; no two have the same bytes."""
    sources = [exercise.reference.read_text(encoding="utf-8")]
    sources += [mutant.source for mutant in load_mutants(ROOT, exercise.slug)]
    found = []
    for number, source in enumerate(itertools.islice(itertools.cycle(sources), count)):
        path = folder / f"{number:03}" / f"{exercise.module}.py"
        path.parent.mkdir()
        path.write_text(f"{source}\n# {number}\n", encoding="utf-8")
        found.append(Job(exercise, receive(path.parent, exercise.module), 1))
    return found


def throughput(exercise: Assignment, work: list[Job], seats: list[gpu.Seat], slots: int) -> float:
    """Return submissions a second, after one for each slot that warms it up."""
    with contextlib.closing(confined_pool([exercise], SECRET, slots, seats)) as pool:
        list(pool.grade_many(work[:slots]))
        begin = time.perf_counter()
        graded = list(pool.grade_many(work))
        seconds = time.perf_counter() - begin
    assert all(result.points is not None for result in graded), "something was not graded"
    return len(graded) / seconds


def contexts(exercise: Assignment, seat: gpu.Seat, count: int = 5) -> tuple[float, float, int]:
    """Return the seconds until the first worker answers, until a later one does that had 3 s to be made ready, and the
    bytes of GPU memory that one holds then.
    """
    bounds = Bounds.of(exercise.limits)
    sandbox = likely_recipe(exercise.runtime).on(seat).start()
    with contextlib.closing(sandbox):
        sandbox.wait_until_ready()
        times, held = [], 0
        for _ in range(count):
            begin = time.perf_counter()
            with contextlib.closing(sandbox.open(bounds)) as session:
                session.call({"op": "hold", "value": None, "device": None}, 60)
                times.append(time.perf_counter() - begin)
                held = max(held, *gpu.held_memory(seat.gpu).values(), 0)
                time.sleep(3.0)
    return times[0], median(times[1:]), held


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=40, help="submissions that are graded")
    options = parser.parse_args()
    exercise = load(ROOT, "gpu_move")
    try:
        found = gpu.find()
    except GpuUnavailable as error:
        sys.exit(f"There is no GPU to measure on: {error}.")
    memory = parse_size(exercise.limits.gpu_memory)
    most = len(gpu.seats(found[:1], memory, None, cores=64))
    rows = [
        ("hardware", f"{found[0].name}, {found[0].memory / 2**30:.0f} GiB, {len(found)} of them"),
        ("driver, PyTorch, Python", f"{found[0].driver}, {version('torch')}, {platform.python_version()}"),
        ("date", f"{datetime.now(UTC):%Y-%m-%d}"),
    ]
    first, later, held = contexts(exercise, gpu.seats(found[:1], memory, 1, cores=1)[0])
    rows += [
        ("until the first worker answers", f"{first:.2f} s"),
        ("until one answers that was made ahead", f"{later:.3f} s"),
        ("GPU memory of a worker that has computed nothing", f"{held / 2**20:.0f} MiB"),
        ("slots that its memory holds", f"{most}"),
    ]
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        work = jobs(exercise, options.count, Path(folder))
        rates = {}
        for slots in dict.fromkeys([1, 2, min(4, most)]):
            seats = gpu.seats(found[:1], memory, slots, cores=slots)
            rates[slots] = median(throughput(exercise, work, seats, slots) for _ in range(3))
            rows.append((f"submissions a second, {slots} slots", f"{rates[slots]:.2f}"))
        rows.append(("and simulated on the CPU, 1 slot", f"{throughput(exercise, work, [], 1):.2f}"))
    print("| | |\n|---|---|")
    for name, value in rows:
        print(f"| {name} | {value} |")


if __name__ == "__main__":
    main()
