"""Print the seconds that submissions' own functions take in one grading, as a mean: called by throughput.py.

Each submission is imported in a fresh fork of a process that has imported PyTorch, as a worker is, and the hidden suite
judges it there through the fake sandbox. Only the time inside the submission's functions counts.
"""

import importlib.util
import os
import sys
import time
from pathlib import Path
from types import FunctionType, ModuleType

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from autograder.assignment import load  # noqa: E402 (the line above finds it)
from autograder.judge.draw import seed_for  # noqa: E402
from autograder.judge.plugin import Case  # noqa: E402
from autograder.judge.source import Source  # noqa: E402
from autograder.judge.student import Connection  # noqa: E402
from autograder.judge.suite import Suite  # noqa: E402
from autograder.sandbox.fake import FakeSession  # noqa: E402


def timed(path: Path, spent: list[float]) -> ModuleType:
    """Import a submission, with each of its functions adding the time of outermost calls to `spent`."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    depth = [0]

    def wrap(function: FunctionType) -> object:
        def call(*args: object, **kwargs: object) -> object:
            depth[0] += 1
            begin = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                depth[0] -= 1
                if depth[0] == 0:
                    spent[0] += time.perf_counter() - begin

        return call

    for name, value in list(vars(module).items()):
        if isinstance(value, FunctionType) and value.__module__ == module.__name__:
            setattr(module, name, wrap(value))
    return module


def measure(slug: str, path: Path) -> float:
    """Judge one submission and return the seconds inside its functions."""
    assignment = load(ROOT, slug)
    suite = Suite(assignment)
    spent = [0.0]
    session = FakeSession(timed(path, spent))
    connection = Connection(lambda: session, assignment.module, {}, "cpu", assignment.limits)
    source = Source(path.read_text(encoding="utf-8"))
    suite.judge(Case(connection, source, lambda purpose, test: seed_for(b"bench", purpose, test)))
    return spent[0]


def main() -> None:
    """Measure each submission in a fork of its own."""
    paths = list(map(Path, sys.argv[2:]))
    total = 0.0
    for path in paths:
        reading, writing = os.pipe()
        if os.fork() == 0:
            os.write(writing, repr(measure(sys.argv[1], path)).encode())
            os._exit(0)
        os.close(writing)
        with open(reading, "rb") as file:
            total += float(file.read())
        os.wait()
    print(total / len(paths))


if __name__ == "__main__":
    main()
