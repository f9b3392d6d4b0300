"""Whatever a worker sends, an instructor writes or a store holds: an answer or a refusal, and nothing else.

Noise on the wire and in what is handed in is in `worker/test_wire.py` and `test_submission.py`. `make fuzz` runs all of
them with FUZZ=100, that is with a hundred times as many examples.
"""

import contextlib
import math
import os
import struct
import threading
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.assignment import Assignment, load
from autograder.errors import AssignmentError, GraderError
from autograder.judge.compare import Compare
from autograder.judge.curves import Curves
from autograder.judge.student import Handle
from autograder.judge.values import unpack
from autograder.judge.verdict import Verdict
from autograder.result import Environment, Result, Status, SubmissionRecord, TestResult, Timings, from_json, to_json
from autograder.sandbox.base import Bounds, Exit
from autograder.sandbox.pipe import PipeSession
from autograder.sandbox.session import WorkerGone
from autograder.worker import wire

FUZZ = int(os.environ.get("FUZZ", "1"))
CAP = 2**24

names = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
numbers = st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats())


@st.composite
def arrays(draw: Callable[..., Any]) -> wire.Array:
    """Any array that may cross, its bytes as they come."""
    dtype = draw(st.sampled_from(sorted(wire.ITEM_SIZES)))
    shape = tuple(draw(st.lists(st.integers(0, 3), max_size=4)))
    size = wire.ITEM_SIZES[dtype] * math.prod(shape)
    data = draw(st.binary(min_size=size, max_size=size))
    return wire.Array(dtype, shape, data, draw(st.sampled_from(["tensor", "array"])), "cpu", draw(st.booleans()))


replies = st.recursive(
    st.one_of(numbers, names, st.binary(max_size=8), arrays(), st.builds(wire.Handle, st.integers(0, 9), names)),
    lambda parts: st.one_of(
        st.lists(parts, max_size=4),
        st.lists(parts, max_size=4).map(tuple),
        st.dictionaries(names, parts, max_size=4),
    ),
    max_leaves=8,
)

EXPECTED: list[Any] = [
    2.5,
    True,
    "text",
    None,
    [1.0, 2.0],
    (torch.zeros(3), 1),
    {"loss": 1.0, "": torch.ones(2)},
    torch.arange(6).reshape(2, 3),
    torch.zeros(2, 3, dtype=torch.bfloat16),
    torch.tensor([math.nan, math.inf]),
    torch.zeros(0, 3),
    numpy.ones((2, 2), dtype=numpy.complex64),
]
CLAIMS: list[Callable[[Compare, Any, Any], Any]] = [
    lambda compare, value, expected: compare.close(value, expected),
    lambda compare, value, expected: compare.close(value, expected, rtol=0.5, atol=math.inf),
    lambda compare, value, expected: compare.equal(value, expected),
    lambda compare, value, expected: compare.shape(value, (2, 3)),
    lambda compare, value, expected: compare.keys(value, ["loss"]),
    lambda compare, value, expected: compare.finite(value),
    lambda compare, value, expected: compare.between(value, -1, 1),
    lambda compare, value, expected: compare.list_of(value, float, 2),
    lambda compare, value, expected: compare.numpy_array(value, "float", (2, 2)),
    lambda compare, value, expected: compare.dtype(value, torch.float32),
    lambda compare, value, expected: Curves().record("loss", value),
]


@pytest.mark.attack("G13")
@given(replies, st.sampled_from(EXPECTED), st.sampled_from(CLAIMS))
@settings(max_examples=600 * FUZZ, deadline=None)
def test_the_judge_judges_whatever_comes(value: Any, expected: Any, claim: Callable[..., Any]) -> None:
    frame = wire.encode(value, CAP)[wire.PREFIX_SIZE :]
    received = unpack(wire.decode(frame), lambda handle: Handle(None, handle, "value"))  # type: ignore[arg-type]
    with contextlib.suppress(Verdict):
        claim(Compare(), received, expected)


BOUNDS = Bounds(memory=2**28, scratch=2**20, reply=2**16, output=2**16, processes=8)
GREETING = wire.encode({"greeting": 1}, CAP)


@pytest.mark.attack("F05")
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=64),
            replies.map(lambda value: wire.encode(value, CAP)),
            st.integers(0, 2**64 - 1).map(lambda length: struct.pack(">Q", length)),
            st.just(wire.encode({"value": 1, "id": "0"}, CAP)),
        ),
        max_size=4,
    ),
    st.booleans(),
)
@settings(max_examples=100 * FUZZ, deadline=None)
def test_a_session_ends_in_one_of_the_known_ways_whatever_the_worker_writes(chunks: list[bytes], greets: bool) -> None:
    request, reply, output = os.pipe(), os.pipe(), os.pipe()
    ours = (request[1], reply[0], output[0])
    for descriptor in ours:
        os.set_blocking(descriptor, False)

    def worker() -> None:
        # The judge may have seen enough before all is written.
        with contextlib.suppress(BrokenPipeError):
            for chunk in [GREETING] * greets + chunks:
                os.write(reply[1], chunk)
        os.close(reply[1])

    thread = threading.Thread(target=worker)
    thread.start()
    session = PipeSession(ours, BOUNDS, lambda gone: WorkerGone(0, over_memory=False))
    with pytest.raises(Exit):
        session.call({"op": "get"}, 2.0)
    thread.join()
    session.close()
    for descriptor in (request[0], output[1]):
        os.close(descriptor)
    for descriptor in ours:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(descriptor)


GOOD = (Path(__file__).parent / "golden/course/assignments/basics/assignment.toml").read_text()
STRANGE = ["nan", "-1", "1e999", "[[tasks]]", "[limits]", '"1 GiB"', "true", "=", "'''", "\n"]
WORDS = st.sampled_from([*GOOD.split(), *STRANGE])


@given(edits=st.lists(st.tuples(st.integers(0, 60), WORDS), max_size=4), tail=names)
@settings(max_examples=150 * FUZZ, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_assignment_is_read_or_refused_by_its_key(edits: list[tuple[int, str]], tail: str, tmp_path: Path) -> None:
    words = GOOD.replace("\n", " \n ").split(" ")
    for place, word in edits:
        words[place % len(words)] = word
    root = tmp_path / "course"
    for path in ("assignments/basics/hidden/test_a.py", "reference/basics/basics.py"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()
    path = root / "assignments/basics/assignment.toml"
    path.write_text(" ".join(words) + tail, encoding="utf-8")
    try:
        assignment = load(root, "basics")
    except AssignmentError:
        return
    assert isinstance(assignment, Assignment)
    assert 0 < assignment.max_points < math.inf
    assert tomllib.loads(path.read_text(encoding="utf-8"))["format_version"] == 1


@pytest.fixture(scope="module")
def a_result() -> bytes:
    test = TestResult(id="t", title="T", task=1, points=0.0, max_points=1.0, status=Status.FAILED)
    environment = Environment(
        autograder="0",
        python="3",
        packages={"torch": "2"},
        platform="Linux",
        sandbox="full",
        devices=("cpu",),
        limits={"memory": "1 GiB"},
        suite_digest="s",
        reference_digest="r",
        secret_id="i",
    )
    return to_json(
        Result(
            slug="tiny",
            title="Tiny",
            attempt=1,
            submission=SubmissionRecord(student="ada", digest="d", files=("tiny.py",)),
            valid=True,
            points=0.0,
            max_points=1.0,
            tasks=(),
            tests=(test,),
            environment=environment,
            timings=Timings(started="2025-03-01T10:00:00+00:00", seconds=1.0, tests={"t": 0.5}),
        )
    )


@given(st.lists(st.tuples(st.integers(0, 4000), st.binary(min_size=1, max_size=5)), min_size=1, max_size=3))
@settings(max_examples=300 * FUZZ, deadline=None)
def test_a_stored_result_is_read_whole_or_refused(a_result: bytes, edits: list[tuple[int, bytes]]) -> None:
    damaged = bytearray(a_result)
    for place, replacement in edits:
        damaged[place % len(damaged) : place % len(damaged) + len(replacement)] = replacement
    try:
        result = from_json(bytes(damaged))
    except GraderError:
        return
    assert from_json(to_json(result)) == result
