"""The image that `make container` has built: what it holds, and grading in it without rights, network or a root that
can be written.

`make container-test` also grades every attack of the corpus in it.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.container

ROOT = Path(__file__).parents[2]
RUN = ROOT / "scripts/container-run"
CLASS = ROOT / "examples/class"
UNMASKED = ("--security-opt", "unmask=ALL")
GRADER = 1000
"""The user in the image."""

Done = subprocess.CompletedProcess[str]


def run(*line: object, options: tuple[object, ...] = UNMASKED, image: str = "autograder") -> Done:
    """Run a command in the image."""
    whole = [str(RUN), *map(str, options), image, *map(str, line)]
    return subprocess.run(whole, capture_output=True, text=True, timeout=300)


def mount(path: Path, at: str, mode: str = "ro") -> tuple[str, str]:
    return "--volume", f"{path}:{at}:{mode}"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder that the grader may write into."""
    folder = tmp_path / "out"
    folder.mkdir()
    os.chown(folder, GRADER, GRADER)
    return folder


def words(text: str) -> str:
    return " ".join(text.split())


def verdicts(path: Path) -> dict[tuple[str, str], Any]:
    return {
        (result["slug"], result["submission"]["student"]): (
            result["points"],
            [(test["id"], test["status"], test["explanation"]) for test in result["tests"]],
        )
        for result in json.loads(path.read_text(encoding="utf-8"))
    }


# What is in it.


def test_the_workers_image_holds_no_test_and_no_answer() -> None:
    found = run("find", "/opt/autograder", "/state", "-type", "f", image="autograder-worker").stdout.split()
    assert "/opt/autograder/autograder/worker/agent.py" in found
    assert [path for path in found if re.search("hidden|reference|assignments|judge|test_", path)] == []


def test_the_graders_image_holds_the_course_and_nothing_of_students() -> None:
    found = run("find", "/opt/autograder", "-type", "f").stdout
    assert "/opt/autograder/reference/gpu_move/gpu_move.py" in found
    for word in ("examples/", ".git/", ".autograder", "attempts.sqlite", "tests/", ".venv"):
        assert f"/opt/autograder/{word}" not in found


def test_the_grader_is_nobody_of_importance_and_owns_none_of_its_code() -> None:
    told = run("sh", "-c", "id -u; find /opt /usr/local -writable | head; touch /opt/autograder/x").stdout
    assert told.split() == [str(GRADER)]


def test_what_the_build_was_given_to_reach_its_packages_is_not_in_the_image() -> None:
    shown = subprocess.run(["podman", "image", "inspect", "autograder"], capture_output=True, text=True, check=True)
    assert not re.search(r"https?://(?!docs)", shown.stdout)
    assert run("sh", "-c", "cat /etc/pip.conf /run/secrets/*").stdout == ""


def test_a_worker_can_import_what_the_images_worker_has() -> None:
    from autograder.sandbox.runtime import find

    line = [str(ROOT / "scripts/packages-of"), "worker"]
    listed = subprocess.run(line, capture_output=True, text=True, check=True).stdout.split()
    names = {re.split("[<>=]", requirement)[0] for requirement in listed}
    assert names | {"torch"} == set(find("torch").distributions)


# What the sandbox is worth in it.


def test_the_sandbox_is_whole_where_proc_is_not_masked() -> None:
    done = run("grade.py", "doctor")
    assert done.returncode == 0, done.stderr
    assert "sandbox full:" in words(done.stdout)
    assert done.stdout.count("│ held │") == 13


def test_with_podmans_own_settings_workers_have_no_proc_and_the_flag_that_gives_it_is_named() -> None:
    done = run("grade.py", "doctor", options=())
    assert done.returncode == 0, done.stderr
    assert "sandbox container:" in words(done.stdout)
    assert "--security-opt unmask=ALL" in words(done.stdout)
    assert done.stdout.count("│ held │") == 13


def test_without_the_right_to_make_namespaces_nothing_is_graded_and_the_flag_is_named(tmp_path: Path) -> None:
    profile = json.loads(Path("/usr/share/containers/seccomp.json").read_text())
    for rule in profile["syscalls"]:
        rule["names"] = [name for name in rule["names"] if name not in ("unshare", "clone", "clone3", "mount")]
    profile["syscalls"].append(
        {  # as Docker's own profile has it: no new namespaces
            "names": ["clone"],
            "action": "SCMP_ACT_ALLOW",
            "args": [{"index": 0, "value": 0x7E020000, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}],
        }
    )
    profile["syscalls"].append({"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38})
    (tmp_path / "seccomp.json").write_text(json.dumps(profile))
    options = ("--security-opt", f"seccomp={tmp_path}/seccomp.json", *mount(CLASS / "gpu_move", "/class"))
    done = run("grade.py", "batch", "gpu_move", "/class", options=options)
    assert done.returncode == 1
    told = words(done.stderr)
    assert "No sandbox works in this container, so nothing can be graded safely." in told
    assert "--security-opt seccomp=FILE" in told


# Grading.


def test_a_class_gets_the_same_grades_as_outside(out: Path, tmp_path: Path) -> None:
    rules = CLASS / "course.toml"
    options = (*UNMASKED, *mount(CLASS, "/class"), *mount(out, "/out", "rw"))
    places = ("--json", "/out/results.json", "--report", "/out/report")
    inside = run("grade.py", "batch", "--all", "/class", "--rules", "/class/course.toml", *places, options=options)
    assert inside.returncode == 0, inside.stderr
    assert (out / "report/index.html").exists()
    line = [ROOT / ".venv/bin/python", ROOT / "grade.py", "batch", "--all", CLASS, "--rules", rules]
    line += ["--state", tmp_path / "state", "--json", tmp_path / "results.json"]
    subprocess.run(list(map(str, line)), check=True, capture_output=True, timeout=300)
    assert verdicts(out / "results.json").keys() == verdicts(tmp_path / "results.json").keys()
    for who, (points, tests) in verdicts(tmp_path / "results.json").items():
        there, theirs = verdicts(out / "results.json")[who]
        assert there == points, who
        assert [test[:2] for test in theirs] == [test[:2] for test in tests], who


def test_what_was_graded_is_known_the_next_time(out: Path) -> None:
    options = (*UNMASKED, *mount(CLASS / "gpu_move", "/class"), *mount(out, "/state", "rw"))
    first = run("grade.py", "batch", "gpu_move", "/class", options=options)
    assert first.returncode == 0, first.stderr
    again = run("grade.py", "batch", "gpu_move", "/class", options=options)
    assert "6 unchanged" in words(again.stdout + again.stderr)


def test_a_course_of_ones_own_is_mounted(out: Path) -> None:
    options = (*UNMASKED, *mount(ROOT / "tests/golden/course", "/course"), "--env", "AUTOGRADER_COURSE=/course")
    done = run("grade.py", "run", "basics", "/course/reference/basics", options=options)
    assert done.returncode == 0, done.stderr
    assert "11 / 11" in done.stdout


# What can be wrong with what is mounted: one sentence each, and nothing lost.


def test_a_report_into_a_folder_that_is_read_only_is_refused_in_one_sentence(out: Path) -> None:
    options = (*UNMASKED, *mount(CLASS / "gpu_move", "/class"), *mount(out, "/out"), *mount(out, "/state", "rw"))
    done = run("grade.py", "batch", "gpu_move", "/class", "--json", "/out/results.json", options=options)
    assert done.returncode == 1
    assert "/out/results.json cannot be written: Read-only file system. Name another place with --json." in words(
        done.stderr
    )
    again = run("grade.py", "batch", "gpu_move", "/class", options=options)
    assert "6 unchanged" in words(again.stderr), "the results themselves are stored"


def test_a_state_that_belongs_to_somebody_else_is_named_with_the_flag(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    os.chown(state, 4711, 4711)
    done = run(
        "grade.py",
        "batch",
        "gpu_move",
        "/class",
        options=(*mount(CLASS / "gpu_move", "/class"), *mount(state, "/state", "rw")),
    )
    assert done.returncode == 1
    told = words(done.stderr)
    assert "/state" in told and "--user" in told
    assert list(state.iterdir()) == []


def test_work_that_only_its_owner_may_read_is_not_graded_and_costs_nobody_points(tmp_path: Path) -> None:
    shutil.copytree(CLASS / "gpu_move", tmp_path / "class")
    os.chmod(tmp_path / "class/ada", 0o700)
    done = run("grade.py", "batch", "gpu_move", "/class", options=(*UNMASKED, *mount(tmp_path / "class", "/class")))
    assert done.returncode == 1
    assert "Permission denied" in words(done.stdout + done.stderr)
    assert "0 / 10" not in next(line for line in done.stdout.splitlines() if " ada " in line)


def test_a_full_disk_loses_nothing_that_was_stored(out: Path) -> None:
    disk = ("--tmpfs", "/small:rw,size=64k,mode=1777", "--env", "AUTOGRADER_STATE=/small")
    options = (*UNMASKED, *mount(CLASS / "gpu_move", "/class"), *disk)
    done = run("grade.py", "batch", "gpu_move", "/class", options=options)
    assert done.returncode == 1
    assert "could not be stored: database or disk is full. What was stored before is safe; free some space" in words(
        done.stderr
    )


@pytest.mark.parametrize("file", ["course.toml", "assignments/basics/assignment.toml"])
def test_an_image_that_is_older_than_the_course_says_so(file: str, tmp_path: Path) -> None:
    course = tmp_path / "course"
    shutil.copytree(ROOT / "tests/golden/course", course)
    (course / "course.toml").write_text('format_version = 1\ntitle = "Newer"\n')
    text = (course / file).read_text()
    (course / file).write_text(text.replace("format_version = 1", "format_version = 2"))
    options = (*UNMASKED, *mount(course, "/course"), "--env", "AUTOGRADER_COURSE=/course")
    done = run("grade.py", "batch", "basics", "/course/reference", options=options)
    assert done.returncode != 0
    assert "format_version" in done.stderr
    assert "newer" in words(done.stderr)
