"""`grade.py pr` on a real repository with real branches."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

pytestmark = pytest.mark.door

WRONG = "\n\ndef add(a, b):\n    return a - b\n"
Words = Callable[[str], str]


def notebook(source: str) -> str:
    """Return a notebook of one cell."""
    cell = {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None, "id": "a"}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def test_the_exercise_that_a_branch_changes_is_graded(repository: Any, right: str, tmp_path: Path) -> None:
    repository.write("basics/basics.py", right)
    repository.commit()
    done = repository.pr("--student", "ada", "--json", tmp_path / "all.json", "--require", "full")
    assert done.returncode == 0, done.stdout + done.stderr
    (result,) = json.loads((tmp_path / "all.json").read_text())
    assert (result["slug"], result["submission"]["student"], result["points"]) == ("basics", "ada", 11)
    assert "assignment.toml" not in result["submission"]["files"], "what the exercise came with is no answer"


def test_what_is_graded_is_the_commit_and_not_what_lies_in_the_folder(repository: Any, right: str) -> None:
    repository.write("basics/basics.py", right)
    head = repository.commit()
    repository.write("basics/basics.py", "nonsense(")
    repository.git("switch", "--quiet", "--force", "main")
    assert "11 / 11" in repository.pr(head=head).stdout


def test_commits_on_the_base_since_then_are_not_the_branchs_changes(repository: Any, right: str, words: Words) -> None:
    repository.write("notes.txt", "x")
    repository.commit()
    repository.git("switch", "--quiet", "main")
    repository.write("basics/basics.py", right)
    repository.commit()
    done = repository.pr(head="work")
    assert done.returncode == 0
    assert "has no answer to an exercise that is new and can be read: there is nothing to grade" in words(done.stdout)


@pytest.mark.parametrize(
    ("require", "status"), [("graded", 0), ("90", 0), ("90.9%", 0), ("95", 3), ("full", 3), ("lots", 2), ("101", 2)]
)
def test_the_exit_status_says_whether_what_is_required_is_met(
    require: str, status: int, repository: Any, right: str
) -> None:
    repository.write("basics/basics.py", right + WRONG)  # 10 of 11 points
    repository.commit()
    assert repository.pr("--require", require).returncode == status


def test_all_four_outputs_say_the_same(repository: Any, right: str, tmp_path: Path) -> None:
    repository.write("basics/basics.py", right + WRONG)
    head = repository.commit()
    (tmp_path / "summary.md").write_text("# An earlier step\n")
    outputs = {name: tmp_path / name for name in ("summary.md", "junit.xml", "all.json", "check.json")}
    options = [
        part
        for option, path in zip(("summary", "junit", "json", "check"), outputs.values(), strict=True)
        for part in (f"--{option}", path)
    ]
    assert repository.pr(*options, "--require", "full").returncode == 3
    summary = outputs["summary.md"].read_text(encoding="utf-8")
    assert summary.startswith("# An earlier step\n## 10 / 11\n")
    assert "| ✗ | Two tensors are added element by element. | 0 / 1 |" in summary
    suite = ElementTree.parse(outputs["junit.xml"]).getroot().find("testsuite")
    assert suite is not None
    assert suite.get("failures") == "1"
    check = json.loads(outputs["check.json"].read_text())
    assert (check["head_sha"], check["conclusion"], check["output"]["title"]) == (head, "failure", "10 / 11")
    (annotation,) = check["output"]["annotations"]
    line = (right + WRONG).split("\n").index("def add(a, b):", len(right.split("\n")) - 2) + 1
    assert (annotation["path"], annotation["start_line"]) == ("basics/basics.py", line)


def test_a_syntax_error_is_annotated_on_its_line(repository: Any, tmp_path: Path) -> None:
    repository.write("basics/basics.py", "x = 1\n\ndef add(:\n")
    repository.commit()
    done = repository.pr(GITHUB_ACTIONS="true")
    assert done.returncode == 0, "it was graded, with 0 points"
    assert re.search(r"^::error file=basics/basics\.py,line=3,title=This cannot be graded::", done.stdout, re.MULTILINE)


def test_student_text_issues_no_workflow_command(repository: Any, right: str) -> None:
    hostile = "raise ValueError('\\n::error title=forged::x\\n::set-output name=a::b\\n::add-mask::c')"
    repository.write("basics/basics.py", f"{right}\n\ndef add(a, b):\n    {hostile}\n")
    repository.write("basics/::error::.py", "x = 1")
    repository.write("::warning title=forged::x\n::notice::y", "")
    repository.commit()
    out = repository.pr(GITHUB_ACTIONS="true").stdout
    opened, closed = re.findall(r"^::stop-commands::([0-9a-f]{32})$", out, re.MULTILINE), out.split("\n")
    (token,) = opened
    begin, end = closed.index(f"::stop-commands::{token}"), closed.index(f"::{token}::")
    outside = closed[:begin] + closed[end + 1 :]
    commands = [line for line in outside if line.startswith("::")]
    assert commands
    assert all(line.startswith("::error file=basics/basics.py,line=") for line in commands)
    assert "forged::x\n" not in "\n".join(outside)


def test_outside_of_github_no_command_is_printed(repository: Any) -> None:
    repository.commit()
    assert "::" not in repository.pr().stdout


def test_what_came_with_the_exercise_and_the_workflows_are_passed_over_and_noted(
    repository: Any, right: str, words: Words, tmp_path: Path
) -> None:
    repository.write("basics/basics.py", right)
    repository.write("basics/test_public.py", "def test_nothing(): pass\n")
    repository.write("basics/conftest.py", "raise SystemExit\n")
    repository.write("basics/assignment.toml", "points = 100\n")
    repository.write(".github/workflows/grade.yml", "on: push\n")
    repository.commit()
    done = repository.pr("--json", tmp_path / "all.json")
    said = words(done.stdout)
    assert "Passed over: 3 changes of what exercises came with, where the course's own is used" in said
    assert "Passed over: 1 change of the workflows, where the course's own are used" in said
    assert json.loads((tmp_path / "all.json").read_text())[0]["points"] == 11


def test_a_branch_that_changes_only_tests_has_nothing_to_grade(repository: Any, words: Words, tmp_path: Path) -> None:
    repository.write("basics/test_public.py", "def test_nothing(): pass\n")
    repository.commit()
    done = repository.pr("--summary", tmp_path / "summary.md", "--check", tmp_path / "check.json", "--require", "full")
    assert done.returncode == 0
    assert "there is nothing to grade" in words(done.stdout)
    assert (tmp_path / "summary.md").read_text().startswith("## Nothing to grade\n")
    assert json.loads((tmp_path / "check.json").read_text())["conclusion"] == "neutral"


def test_a_removed_answer_is_noted_and_costs_nothing(repository: Any, words: Words) -> None:
    repository.git("rm", "--quiet", "-r", "basics")
    repository.commit()
    done = repository.pr()
    assert done.returncode == 0
    assert "`basics/` holds no answer any more: there is nothing to grade in it." in words(done.stdout)


@pytest.mark.parametrize("kind", ["link", "submodule", "name"])
def test_what_is_no_plain_file_is_refused_and_never_followed(
    kind: str, repository: Any, right: str, words: Words, tmp_path: Path
) -> None:
    repository.write("basics/basics.py", right)
    if kind == "link":
        (repository.folder / "basics/secret.py").symlink_to("/etc/passwd")
    elif kind == "name":
        (repository.folder / "basics").joinpath(os.fsdecode(b"\xff.py")).write_text("")
    repository.commit()
    if kind == "submodule":
        head = repository.git("rev-parse", "HEAD")
        repository.git("update-index", "--add", "--cacheinfo", f"160000,{head},basics/inner")
        repository.git("commit", "--quiet", "-m", "Submodule")
    done = repository.pr("--json", tmp_path / "all.json")
    assert "and only plain files are read" in words(done.stdout)
    assert json.loads((tmp_path / "all.json").read_text())[0]["points"] == 0
    assert "root:" not in done.stdout


@pytest.mark.parametrize(
    ("kind", "said"), [("link", "is a link"), ("submodule", "is a submodule"), ("file", "is a file")]
)
def test_an_exercise_that_is_no_folder_any_more_is_said_to_be_what_it_is(
    kind: str, said: str, repository: Any, words: Words, tmp_path: Path
) -> None:
    head = repository.git("rev-parse", "HEAD")
    repository.git("rm", "--quiet", "-r", "basics")
    if kind == "link":
        (repository.folder / "basics").symlink_to("/etc")
    elif kind == "file":
        repository.write("basics", "x = 1\n")
    repository.commit()
    if kind == "submodule":
        repository.git("update-index", "--add", "--cacheinfo", f"160000,{head},basics")
        repository.git("commit", "--quiet", "-m", "Submodule")
    done = repository.pr("--json", tmp_path / "all.json")
    assert f"`basics` {said}, and an exercise is a folder of plain files." in words(done.stdout)
    assert "2 changes of what exercises came with" in words(done.stdout), "what went with the folder, and not the link"
    assert json.loads((tmp_path / "all.json").read_text())[0]["points"] == 0


def test_nothing_of_the_repository_runs(repository: Any, right: str, tmp_path: Path) -> None:
    witness = tmp_path / "it-ran"
    for name in ("post-checkout", "pre-commit", "reference-transaction", "fsmonitor-watchman"):
        hook = repository.write(f".git/hooks/{name}", f"#!/bin/sh\ntouch {witness}\n")
        hook.chmod(0o755)
    script = repository.write("run.sh", f"#!/bin/sh\ntouch {witness}\ncat\n")
    script.chmod(0o755)
    repository.write("basics/basics.py", right)
    repository.write(".gitattributes", "* filter=f diff=d export-subst\n*.py text eol=crlf\n")
    repository.write(".gitmodules", '[submodule "x"]\n\tpath = x\n\turl = ext::sh -c touch% it-ran\n')
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--no-verify", "-m", "Work")
    witness.unlink(missing_ok=True)
    for setting in (
        "filter.f.smudge",
        "filter.f.clean",
        "filter.f.process",
        "diff.d.textconv",
        "diff.d.command",
        "diff.external",
        "core.pager",
        "core.fsmonitor",
        "core.sshCommand",
        "core.gitProxy",
    ):
        repository.git("config", setting, str(script))
    done = repository.pr()
    assert "11 / 11" in done.stdout, done.stdout + done.stderr
    assert not witness.exists()


def test_a_branch_named_like_an_option_or_a_command_is_only_a_name(repository: Any, words: Words) -> None:
    for head in ("--output=/tmp/x", "$(touch it-ran)", "::error::x", "main..work"):
        done = repository.pr(head=head)
        assert done.returncode == 2
        assert "is no commit of" in words(done.stderr)


def test_an_exercise_that_is_too_large_is_refused_without_being_read(
    repository: Any, right: str, words: Words, tmp_path: Path
) -> None:
    repository.write("basics/basics.py", right)
    repository.write("basics/weights.bin", bytes(41 * 2**20))
    repository.commit()
    done = repository.pr("--json", tmp_path / "all.json")
    assert done.returncode == 0, done.stderr
    assert "too large to be graded" in words(done.stdout)
    assert json.loads((tmp_path / "all.json").read_text())[0]["points"] == 0


def test_a_renamed_folder_is_no_answer(repository: Any, words: Words) -> None:
    repository.git("mv", "basics", "basics2")
    repository.commit()
    done = repository.pr()
    assert done.returncode == 0
    assert "holds no answer any more" in words(done.stdout)


@pytest.mark.parametrize(
    ("refs", "said"),
    [
        ({"base": "origin/main"}, "'origin/main' is no commit of"),
        ({"head": "no-such-branch"}, "Fetch it first; in a workflow, check out with fetch-depth: 0."),
    ],
)
def test_an_unknown_ref_is_named_with_what_to_fetch(
    refs: dict[str, str], said: str, repository: Any, words: Words
) -> None:
    done = repository.pr(**refs)
    assert done.returncode == 2
    assert said in words(done.stderr)


def test_a_shallow_clone_is_told_to_fetch_more(repository: Any, right: str, tmp_path: Path, words: Words) -> None:
    repository.write("basics/basics.py", right)
    repository.commit()
    repository.git("switch", "--quiet", "main")
    repository.write("notes.txt", "x")
    repository.commit()
    source = f"file://{repository.folder}"
    shallow = tmp_path / "shallow"
    repository.git("clone", "--quiet", "--depth=1", "--no-single-branch", source, str(shallow))
    done = repository.pr("--repo", shallow, base="origin/main", head="origin/work")
    done = subprocess.run(
        [*done.args[:-6], "--repo", str(shallow), *done.args[-4:]],
        env=repository.environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert "have no commit in common here. Fetch the whole history" in words(done.stderr)


def test_a_folder_without_a_repository_is_named(repository: Any, words: Words) -> None:
    shutil.rmtree(repository.folder / ".git")
    done = repository.pr()
    assert done.returncode == 2
    assert "is no git repository. Name one with --repo." in words(done.stderr)


def test_without_refs_or_an_archive_it_says_what_to_name(repository: Any, words: Words) -> None:
    done = repository.pr(head="")
    assert done.returncode == 2
    assert "Name two refs with --base and --head, or an archive with --archive." in words(done.stderr)


@pytest.mark.parametrize(
    ("in_module", "in_notebook"),
    [(False, True), (True, False), (True, True)],
    ids=["the notebook", "the module", "both"],
)
def test_the_form_of_the_answer_that_a_branch_changes_is_the_one_graded(
    in_module: bool, in_notebook: bool, repository: Any, right: str, tmp_path: Path
) -> None:
    repository.git("switch", "--quiet", "main")
    repository.write("basics/basics.ipynb", notebook("raise NotImplementedError"))
    repository.commit()
    repository.git("switch", "--quiet", "work")
    repository.git("merge", "--quiet", "main")
    if in_module:
        repository.write("basics/basics.py", right)
    if in_notebook:
        repository.write("basics/basics.ipynb", notebook("# only notes" if in_module else right))
    repository.commit()
    done = repository.pr("--check", tmp_path / "check.json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads((tmp_path / "check.json").read_text())["output"]["title"] == "11 / 11"
    assert ("was left out" in done.stdout) == (in_module and in_notebook)
