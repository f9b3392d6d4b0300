"""Measure what grading costs: `make bench`.

Grades the same twenty submissions of precision_recall_auc by plain pytest in a fresh process each, and by `grade.py
batch` with one and two jobs, in one run on one machine, and prints ratios. Then the cost of one more submission, what
of it is the student's own compute, and the memory of a batch of 20 and of 500.
"""

import argparse
import contextlib
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from autograder.authoring.mutants import load_mutants  # noqa: E402 (the line above finds it)

SLUG = "precision_recall_auc"
MODULE = "metrics"
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def sources() -> list[str]:
    """Return twenty different submissions: the reference, its mutants and its single-file variants, repeated if few."""
    reference = ROOT / "reference" / SLUG
    texts = [(reference / f"{MODULE}.py").read_text(encoding="utf-8")]
    texts += [mutant.source for mutant in load_mutants(ROOT, SLUG)]
    for variant in sorted((reference / "variants").iterdir()):
        files = list(variant.glob("*.py"))
        if len(files) == 1:
            texts.append(files[0].read_text(encoding="utf-8"))
    return list(itertools.islice(itertools.cycle(texts), 20))


def write_class(folder: Path, count: int) -> None:
    """Write `count` submissions; no two have the same bytes."""
    for number, text in enumerate(itertools.islice(itertools.cycle(sources()), count)):
        student = folder / f"student{number:03}"
        student.mkdir(parents=True)
        (student / f"{MODULE}.py").write_text(f"{text}\n# submission {number}\n", encoding="utf-8")


def plain_pytest(folder: Path) -> float:
    """Return the seconds that plain pytest takes, one fresh process for each submission."""
    begin = time.perf_counter()
    for student in sorted(folder.iterdir()):
        variables = {
            **ENVIRONMENT,
            "PLAIN_SUBMISSION": str(student / f"{MODULE}.py"),
            "PLAIN_REFERENCE": str(ROOT / "reference" / SLUG / f"{MODULE}.py"),
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'benchmarks'}",
        }
        hidden = ROOT / "assignments" / SLUG / "hidden"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "plain",
            "-p",
            "no:cacheprovider",
            "-c",
            os.devnull,
            hidden,
        ]
        done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1):
            raise SystemExit(f"plain pytest failed on {student.name}:\n{done.stdout}{done.stderr}")
    return time.perf_counter() - begin


def batch(folder: Path, jobs: int) -> tuple[float, float, list[dict[str, object]]]:
    """Return the seconds of a batch from a cold start, its peak of memory in MiB, and its results."""
    with tempfile.TemporaryDirectory() as state:
        file = Path(state) / "results.json"
        command = [sys.executable, ROOT / "grade.py", "batch", SLUG, folder, "--jobs", str(jobs)]
        command += ["--state", state, "--json", file]
        begin = time.perf_counter()
        process = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        with _watched(process.pid) as peak:
            error = process.communicate()[1]
        seconds = time.perf_counter() - begin
        if process.returncode != 0:
            raise SystemExit(f"grade.py batch failed:\n{error.decode()}")
        return seconds, peak[0], json.loads(file.read_text())


@contextlib.contextmanager
def _watched(pid: int) -> Iterator[list[float]]:
    """Keep the peak of the proportional memory (PSS) of a process and its descendants, in MiB."""
    peak, done = [0.0], threading.Event()

    def watch() -> None:
        # Reading it is slow and holds the processes up: seldom enough not to be what is measured.
        while not done.wait(2.0):
            peak[0] = max(peak[0], sum(map(_pss, _tree(pid))) / 1024)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield peak
    finally:
        done.set()
        thread.join()


def _tree(root: int) -> list[int]:
    parents: dict[int, int] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError):
                parents[int(name)] = int(Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()[1])
    found, todo = [], [root]
    while todo:
        found.append(todo.pop())
        todo += [pid for pid, parent in parents.items() if parent == found[-1]]
    return found


def _pss(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def own_compute(folder: Path) -> float:
    """Return the seconds that a submission's own functions take in one grading, in a warm process, as a mean."""
    script = ROOT / "benchmarks" / "own_compute.py"
    command = [sys.executable, script, SLUG, *[str(path / f"{MODULE}.py") for path in sorted(folder.iterdir())]]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"own_compute.py failed:\n{done.stderr}")
    return float(done.stdout)


def main() -> None:
    """Measure, print, and say what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--many", type=int, default=500, help="submissions of the large batch (default: 500)")
    many = parser.parse_args().many
    console = Console()
    work = Path(tempfile.mkdtemp(prefix="autograder-bench-"))
    try:
        write_class(work / "few", 20)
        write_class(work / "many", many)
        with console.status("plain pytest, a fresh process each …"):
            plain = plain_pytest(work / "few")
        with console.status("grade.py batch, one job …"):
            one, few_memory, _ = batch(work / "few", 1)
        with console.status("grade.py batch, two jobs …"):
            two, _, _ = batch(work / "few", 2)
        with console.status(f"grade.py batch, one job, {many} submissions …"):
            all_of_many, many_memory, results = batch(work / "many", 1)
        with console.status("the submissions' own functions …"):
            own = own_compute(work / "few")
    finally:
        shutil.rmtree(work)
    inside = sorted(result["timings"]["seconds"] for result in results)  # type: ignore[index]
    marginal = (all_of_many - one) / (many - 20)
    table = Table(title=f"{SLUG}, {os.cpu_count()} cores", title_justify="left")
    for heading in ("20 submissions, from a cold start", "seconds", "a submission", "throughput"):
        table.add_column(heading, justify="left" if heading.startswith("20") else "right")
    for name, seconds in (
        ("plain pytest, fresh process each", plain),
        ("batch --jobs 1", one),
        ("batch --jobs 2", two),
    ):
        table.add_row(name, f"{seconds:.1f}", f"{1000 * seconds / 20:.0f} ms", f"{plain / seconds:.1f} times")
    console.print(table)
    more = Table(title=f"one more submission, between 20 and {many}, --jobs 1", title_justify="left", show_header=False)
    more.add_row("each costs", f"{1000 * marginal:.0f} ms")
    more.add_row("throughput beside plain pytest", f"{plain / 20 / marginal:.1f} times")
    more.add_row("the submission's own compute", f"{1000 * own:.0f} ms")
    more.add_row("ours beside it: process, wire, reference, comparison", f"{1000 * (marginal - own):.0f} ms")
    more.add_row("median on the slot's clock", f"{1000 * inside[len(inside) // 2]:.0f} ms")
    more.add_row("peak memory (PSS) of a batch of 20", f"{few_memory:.0f} MiB")
    more.add_row(f"peak memory (PSS) of a batch of {many}", f"{many_memory:.0f} MiB")
    console.print(more)


if __name__ == "__main__":
    main()
