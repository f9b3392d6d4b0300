"""The submission at arm's length: what is asked of a worker, and what becomes of its answers."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import torch

from autograder.assignment import Limits
from autograder.judge.student import Connection, Handle, Student
from autograder.judge.verdict import NotPlain, Raised, Verdict, told
from autograder.result import Status
from autograder.sandbox.base import Crashed, Exit, SandboxFailed, TimedOut
from autograder.worker import wire

Connect = Callable[..., Connection]
Scripted = Callable[..., Any]
LOADED: dict[str, Any] = {"value": None}


def test_the_files_are_loaded_once_and_each_test_is_seeded(connect: Connect, scripted: Scripted) -> None:
    session = scripted()
    connection = connect(session)
    student = Student(connection)
    for seed in (7, 8):
        connection.begin_test(seed, fresh=False)
        student.f()
        student.f()
    asked = [(request["op"], request.get("reset")) for request in session.requests]
    assert asked == [("load", None), ("call", 7), ("call", None), ("call", 8), ("call", None)]
    assert session.requests[0]["module"] == "tiny"


def test_imports_and_calls_have_limits_of_their_own(connect: Connect, scripted: Scripted) -> None:
    session = scripted()
    limits = Limits(import_seconds=7, call_seconds=3, total_seconds=100)
    Student(connect(session, limits=limits)).f()
    assert session.seconds == [7, 3]


def test_a_fresh_worker_is_a_new_session_seeded_like_the_first(connect: Connect, scripted: Scripted) -> None:
    first, second = scripted(), scripted()
    connection = connect(first, second)
    for session in (first, second):
        connection.begin_test(7, fresh=True)
        Student(connection).f()
        assert [(request["op"], request.get("reset")) for request in session.requests] == [("load", None), ("call", 7)]
    assert first.closed


def test_after_an_exit_the_next_call_goes_to_a_new_worker(connect: Connect, scripted: Scripted) -> None:
    first, second = scripted(LOADED, TimedOut("did not finish within 5 s")), scripted(LOADED, {"value": 7})
    student = Student(connect(first, second))
    with pytest.raises(TimedOut, match=r"^`f` did not finish within 5 s\.$"):
        student.f()
    assert first.closed
    assert student.f() == 7


def test_a_worker_that_died_or_spoke_between_two_tests_is_replaced(connect: Connect, scripted: Scripted) -> None:
    first, second = scripted(silent=False), scripted(LOADED, {"value": 2})
    connection = connect(first, second)
    student = Student(connection)
    connection.begin_test(1, fresh=False)
    student.f()
    connection.begin_test(2, fresh=False)
    assert student.f() == 2
    assert first.closed and len(first.requests) == 2


def test_a_worker_that_dies_on_being_reset_costs_nothing(connect: Connect, scripted: Scripted) -> None:
    # A thread of an earlier test may end it at any moment, even while the next test makes its first request.
    first = scripted(LOADED, {"value": 1}, Crashed("ended its process"))
    second = scripted(LOADED, {"value": 2})
    connection = connect(first, second)
    student = Student(connection)
    connection.begin_test(1, fresh=False)
    assert student.f() == 1
    connection.begin_test(2, fresh=False)
    assert student.f() == 2


@pytest.mark.parametrize("ending", [TimedOut("did not finish"), {"raised": {"type": "ValueError", "message": "no"}}])
def test_a_failed_import_is_not_tried_again(connect: Connect, scripted: Scripted, ending: Any) -> None:
    connection = connect(scripted(ending))
    said = []
    for _ in range(3):
        connection.begin_test(1, fresh=False)
        with pytest.raises((Exit, Verdict)) as failed:
            Student(connection).f()
        said.append(str(failed.value))
    assert len(set(said)) == 1 and said[0].startswith("Importing tiny.py")


def test_where_others_hold_a_gpus_memory_nobody_has_run_out_of_it(connect: Connect, scripted: Scripted) -> None:
    raised = {"raised": {"type": "OutOfMemoryError", "message": "CUDA out of memory."}}
    first, second = scripted(LOADED, raised, starved=True), scripted(LOADED, {"value": 7})
    student = Student(connect(first, second))
    with pytest.raises(SandboxFailed, match=r"^`f` found the GPU's memory held by others\.$"):
        student.f()
    assert first.closed
    assert student.f() == 7


def test_a_failed_sandbox_is_tried_again(connect: Connect, scripted: Scripted) -> None:
    student = Student(connect(scripted(SandboxFailed("the zygote ended")), scripted()))
    with pytest.raises(SandboxFailed):
        student.f()
    assert student.f() is None


def test_the_whole_submission_has_a_limit(connect: Connect, scripted: Scripted) -> None:
    session = scripted()
    student = Student(connect(session, limits=Limits(total_seconds=0.2, call_seconds=10)))
    student.f()
    assert session.seconds[1] <= 0.2
    time.sleep(0.3)
    with pytest.raises(TimedOut, match=r"`f` was not run: the whole submission took its 0.2 s"):
        student.f()


def test_output_is_kept_from_a_worker_that_ended(connect: Connect, scripted: Scripted) -> None:
    connection = connect(scripted(LOADED, Crashed("ended"), output="last words\n"), scripted(output="import\n"))
    with pytest.raises(Crashed):
        connection.request("`f`", {"op": "call"})
    assert connection.take_output() == "last words\n"
    assert connection.take_output() == ""


@pytest.mark.parametrize(
    ("reply", "kind", "status", "words"),
    [
        (
            {"raised": {"type": "ValueError", "message": "no", "trace": ["tiny.py, line 1, in f"]}},
            *(Raised, Status.RAISED, "`f` raised ValueError: no\n  at tiny.py, line 1, in f"),
        ),
        ({"raised": {"type": "MemoryError", "message": ""}}, Raised, Status.OUT_OF_MEMORY, "`f` ran out of memory"),
        ({"raised": {"type": "KeyError", "message": ""}}, Raised, Status.RAISED, "`f` raised KeyError"),
        ({"raised": None}, Raised, Status.RAISED, "`f` raised an exception"),
        ({"raised": {"type": 1, "message": [], "trace": "lies"}}, Raised, Status.RAISED, "`f` raised an exception"),
        ({"raised": {"type": "E", "trace": [1, None]}}, Raised, Status.RAISED, "`f` raised E"),
        ({"missing": ["ff", "g"]}, Verdict, Status.RAISED, "no function or class named 'f'. Did you mean 'ff'?"),
        ({"missing": 5}, Verdict, Status.RAISED, "no function or class named 'f'."),
        ({"missing": [None]}, Verdict, Status.RAISED, "no function or class named 'f'."),
        ({"unsendable": "a set"}, NotPlain, Status.REFUSED, "`f` returned a set."),
        ({"unsendable": 5}, NotPlain, Status.REFUSED, "`f` returned something unknown."),
        ({"too_large": "5 GiB"}, NotPlain, Status.TOO_MUCH_OUTPUT, "`f` returned … GiB."),
    ],
)
def test_a_reply_without_a_value_is_a_verdict(
    connect: Connect, scripted: Scripted, reply: Any, kind: type[Verdict], status: Status, words: str
) -> None:
    student = Student(connect(scripted(LOADED, reply)))
    with pytest.raises(kind) as failed:
        student.f()
    assert failed.value.status is status
    assert words in failed.value.explanation


def test_a_student_is_told_an_exception_without_numbers_and_staff_the_whole(
    connect: Connect, scripted: Scripted
) -> None:
    message = f"x = [-0.25, 1e-3, ٣, ½], {'much ' * 100}"
    with pytest.raises(Raised) as failed:
        Student(connect(scripted(LOADED, {"raised": {"type": "E", "message": message, "trace": []}}))).f()
    assert failed.value.explanation.startswith("`f` raised E: x = [-…, …e-…, …, …], much much")
    assert len(failed.value.explanation) < 300
    assert failed.value.detail == f"E: {message}"


def test_an_exception_while_importing_is_told_whole_because_nothing_hidden_was_sent_yet(
    connect: Connect, scripted: Scripted
) -> None:
    with pytest.raises(Raised, match=r"raised ValueError: 3 is not 4"):
        Student(connect(scripted({"raised": {"type": "ValueError", "message": "3 is not 4"}}))).f()


@pytest.mark.parametrize(
    "line", ["tiny.py, line 3, in f", "tiny.py, line 0, in f", "x.py, line 1, in f", "tiny.py, line 1", "tiny.py", 1]
)
def test_a_line_that_the_submission_does_not_have_is_not_believed(
    connect: Connect, scripted: Scripted, line: object
) -> None:
    with pytest.raises(Raised) as failed:
        Student(connect(scripted(LOADED, {"raised": {"type": "E", "message": "", "trace": [line]}}))).f()
    assert failed.value.explanation == "`f` raised E"


def test_a_long_message_or_trace_is_cut(connect: Connect, scripted: Scripted) -> None:
    raised = {"type": "E", "message": "a" * 10**6, "trace": ["line"] * 10**5}
    with pytest.raises(Raised) as failed:
        Student(connect(scripted(LOADED, {"raised": raised}))).f()
    assert len(failed.value.explanation) < 5000


def test_arguments_go_out_and_values_come_back(connect: Connect, scripted: Scripted) -> None:
    session = scripted(LOADED, {"value": [wire.Array("float32", (1,), b"\0\0\x80?"), 2]})
    tensor, number = Student(connect(session)).f(torch.ones(2), flag=True)
    assert tensor.tolist() == [1.0] and number == 2
    request = session.requests[1]
    assert (request["op"], request["target"], request["kwargs"]) == ("call", "f", {"flag": True})
    assert request["args"][0].dtype == "float32"


def test_a_handle_works_like_what_it_stands_for(connect: Connect, scripted: Scripted) -> None:
    net, method = wire.Handle(1, "Net"), wire.Handle(2, "method")
    session = scripted(LOADED, {"value": net}, {"value": 1.5}, {"value": 4}, {"value": method}, {"value": 6}, LOADED)
    student = Student(connect(session))
    handle = student.Net()
    assert repr(handle) == "an object of type Net"
    assert handle(3) == 1.5
    assert handle.size == 4
    assert handle.grow(5) == 6
    student.train(handle)
    asked = [(request["op"], request.get("target"), request.get("name")) for request in session.requests[2:]]
    assert asked == [
        *[("call", net, None), ("get", net, "size"), ("get", net, "grow"), ("call", method, None)],
        ("call", "train", None),
    ]
    assert session.requests[-1]["args"] == (net,)


def test_a_failing_method_is_named_after_its_object(connect: Connect, scripted: Scripted) -> None:
    raised = {"raised": {"type": "E", "message": "", "trace": []}}
    session = scripted(LOADED, {"value": wire.Handle(1, "Net")}, {"value": wire.Handle(2, "method")}, raised)
    net = Student(connect(session)).Net()
    with pytest.raises(Raised, match=r"`Net\(…\)\.forward` raised E"):
        net.forward()


def test_gradients_ask_for_what_the_manual_says(connect: Connect, scripted: Scripted) -> None:
    session = scripted(LOADED, *[LOADED] * 3)
    student = Student(connect(session))
    student.gradients(student.f, (torch.ones(1), 2))
    student.gradients(student.f, [1, 2], wrt=(0, 1), v=torch.ones(1))
    student.gradients(Handle(connect(), wire.Handle(1, "Net"), "Net"), (1,), wrt="parameters")
    first, second, third = session.requests[1:]
    assert (first["target"], first["wrt"], first["v"]) == ("f", "inputs", None)
    assert (second["wrt"], second["v"].dtype) == ([0, 1], "float32")
    assert (third["target"], third["wrt"]) == (wire.Handle(1, "Net"), "parameters")


def test_the_rest_of_the_manual(connect: Connect, scripted: Scripted) -> None:
    session = scripted(
        LOADED, {"value": (1, 2)}, {"value": wire.Handle(1, "Tensor")}, {"value": 5}, LOADED, {"value": b"data"}
    )
    student = Student(connect(session))
    assert student.arguments_after("f", 1, 2, k=3) == (1, 2)
    assert session.requests[-1]["after"] is True
    held = student.hold(torch.ones(1), "cuda")
    assert session.requests[-1]["device"] == "cuda"
    assert student.fetch(held) == 5
    student.write_file("data.bin", b"data")
    assert student.read_file("data.bin") == b"data"


@pytest.mark.parametrize("value", ["text", None, [b""]])
def test_what_is_no_file_is_refused(connect: Connect, scripted: Scripted, value: Any) -> None:
    student = Student(connect(scripted(LOADED, {"value": value})))
    with pytest.raises(NotPlain):
        student.read_file("data.bin")


def test_python_s_own_names_are_not_asked_of_the_student(connect: Connect, scripted: Scripted) -> None:
    student = Student(connect(scripted()))
    for name in ("__wrapped__", "__len__", "__bool__"):
        assert not hasattr(student, name)


@pytest.mark.parametrize("name", ["float32", "bfloat16", "int4", "uint2", "float8_e4m3fn", "float8_e5m2fnuz"])
def test_names_of_types_keep_their_digits_and_nothing_else_does(name: str) -> None:
    assert told(f"an array of {name}, of 7 elements", 200) == f"an array of {name}, of … elements"
