"""The two workflows: sound by their schema and by a security linter, and run here as GitHub runs their scripts."""

import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from autograder.github.release import repository_files, write_repository

pytestmark = pytest.mark.door

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "autograder/github/templates"
PIPELINE = TEMPLATES / "gitlab.yml"
WORKFLOWS = {name: TEMPLATES / f"{name}.yml" for name in ("submission", "grade")}


def workflow(name: str) -> Any:
    return YAML(typ="safe").load(WORKFLOWS[name].read_text(encoding="utf-8"))


def script(name: str, step: str) -> str:
    """Return the script of a step of a workflow's only job."""
    ((_, job),) = workflow(name)["jobs"].items()
    return next(str(one["run"]) for one in job["steps"] if one.get("name") == step)


def run(text: str, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a script as GitHub does on Linux."""
    command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", text]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=240)


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_is_one_by_githubs_schema(name: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows"]
    done = subprocess.run([*command, str(WORKFLOWS[name])], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout


def test_the_pipeline_is_one_by_gitlabs_schema() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.gitlab-ci"]
    done = subprocess.run([*command, str(PIPELINE)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout


def test_a_security_linter_finds_nothing_in_the_workflows(tmp_path: Path) -> None:
    folder = tmp_path / ".github/workflows"
    folder.mkdir(parents=True)
    for name, path in WORKFLOWS.items():
        (folder / f"{name}.yml").write_bytes(path.read_bytes())
    linter = Path(sys.executable).with_name("zizmor")
    command = [linter, "--offline", "--no-progress", "--persona", "auditor", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_untrusted_workflow_may_read_and_nothing_else() -> None:
    untrusted = workflow("submission")
    assert untrusted["permissions"] == {}
    assert untrusted["jobs"]["pack"]["permissions"] == {"contents": "read"}
    assert "secrets" not in WORKFLOWS["submission"].read_text()


def test_the_trusted_workflow_checks_out_nothing_of_the_pull_request() -> None:
    steps = workflow("grade")["jobs"]["grade"]["steps"]
    checkouts = [step["with"] for step in steps if "checkout" in step.get("uses", "")]
    assert [one["repository"] for one in checkouts] == ["${{ vars.COURSE_REPOSITORY }}"]
    assert all("${{" not in step.get("run", "") for step in steps), "values reach scripts as variables only"


def test_the_token_is_a_secret_of_an_environment_and_no_branch_beside_the_default_one_reads_it() -> None:
    (job,) = workflow("grade")["jobs"].values()
    assert job["environment"] == {"name": "grading", "deployment": False}
    guide = (ROOT / "docs/pull-requests.md").read_text(encoding="utf-8")
    assert "make an environment `grading`" in guide, "GitHub would make one that every branch may use"


def test_every_action_is_pinned_to_a_commit() -> None:
    for name in WORKFLOWS:
        for job in workflow(name)["jobs"].values():
            for step in job["steps"]:
                assert "uses" not in step or len(step["uses"].partition("@")[2]) == 40


def test_the_repository_holds_the_exercises_and_the_workflows_and_nothing_hidden(tmp_path: Path) -> None:
    written = write_repository(ROOT, ["gpu_move"], tmp_path)
    names = {path.relative_to(tmp_path).as_posix() for path in written}
    assert names == repository_files(ROOT, ["gpu_move"]).keys()
    assert {".github/workflows/submission.yml", ".github/workflows/grade.yml", "gpu_move/gpu_move.py"} <= names
    assert [name for name in names if "hidden" in name or "mutants" in name] == []
    assert ".gitlab-ci.yml" not in names, "whoever opens a merge request could change it"


@pytest.fixture
def stub_gh(tmp_path: Path) -> Path:
    """A folder with a `gh` that gives the artifact tmp_path/artifact.zip, and keeps what is published.

    It has the size that the file `artifact.size` beside it says, if there is one.
    """
    folder = tmp_path / "bin"
    folder.mkdir()
    gh = folder / "gh"
    gh.write_text(
        f"""#!/bin/sh
case "$*" in
  *"/actions/runs/77/artifacts --jq"*)
    size=$(cat {tmp_path}/artifact.size 2>/dev/null || stat --format=%s {tmp_path}/artifact.zip)
    found='{{"name": "logs", "id": 98, "size_in_bytes": 1}}, {{"name": "submission", "id": 99, "size_in_bytes": '
    echo "{{\\"artifacts\\": [$found$size}}]}}" | jq --raw-output "$4" ;;
  *"/actions/artifacts/99/zip"*) cat {tmp_path}/artifact.zip ;;
  *"--method POST repos/course/students/check-runs --input "*) cp "$6" {tmp_path}/published.json ;;
  *) echo "not expected: $*" >&2; exit 1 ;;
esac
"""
    )
    gh.chmod(gh.stat().st_mode | stat.S_IXUSR)
    return folder


def packed(repository: Any, runner: Path) -> None:
    """Run the untrusted workflow's script on the branch `work`, and make the artifact that GitHub would."""
    runner.mkdir()
    environment = repository.environment(
        RUNNER_TEMP=str(runner), BASE=repository.git("rev-parse", "main"), HEAD=repository.git("rev-parse", "work")
    )
    done = run(script("submission", "Pack the folders that the pull request changes"), repository.folder, environment)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(runner.parent / "artifact.zip", "w") as archive:
        for path in sorted((runner / "submission").rglob("*")):
            if path.is_file() and not path.is_symlink():
                archive.write(path, path.relative_to(runner / "submission"))


def graded(repository: Any, tmp_path: Path, stub_gh: Path) -> tuple[subprocess.CompletedProcess[str], dict[str, Any]]:
    """Run the trusted workflow's scripts on the artifact; return how the grading went, and what was published."""
    course = tmp_path / "checkout"
    course.mkdir()
    for name in ("assignments", "reference"):
        (course / name).symlink_to(ROOT / "tests/golden/course" / name)
    (course / "grade.py").symlink_to(ROOT / "grade.py")
    (course / ".venv/bin").mkdir(parents=True)
    python = course / ".venv/bin/python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@" --course {course}\n')
    python.chmod(0o755)
    runner = tmp_path / "trusted"
    runner.mkdir()
    environment = repository.environment(
        RUNNER_TEMP=str(runner),
        GITHUB_ACTIONS="true",
        GITHUB_REPOSITORY="course/students",
        GITHUB_STEP_SUMMARY=str(runner / "summary.md"),
        PATH=f"{stub_gh}{os.pathsep}{os.environ['PATH']}",
        RUN="77",
        STUDENT="ada",
        HEAD="f" * 40,
        GH_TOKEN="token",
    )
    got = run(script("grade", "Get the submission"), course, environment)
    assert got.returncode == 0, got.stderr
    done = run(script("grade", "Grade"), course, environment)
    published = run(script("grade", "Publish the check"), course, environment)
    assert published.returncode == 0, published.stderr
    assert (runner / "summary.md").read_text(encoding="utf-8").startswith("## ")
    check: dict[str, Any] = json.loads((tmp_path / "published.json").read_text())
    return done, check


def test_a_pull_request_becomes_a_check_on_its_commit(
    repository: Any, right: str, tmp_path: Path, stub_gh: Path
) -> None:
    repository.write("basics/basics.py", right)
    repository.write("basics/test_public.py", "def test_nothing(): pass\n")
    repository.write(".github/workflows/grade.yml", "on: push\n")
    repository.commit()
    packed(repository, tmp_path / "untrusted")
    done, check = graded(repository, tmp_path, stub_gh)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (check["head_sha"], check["conclusion"], check["output"]["title"]) == ("f" * 40, "success", "11 / 11")
    assert "Passed over: 1 change of the workflows" in check["output"]["summary"]


def test_what_is_not_all_right_concludes_as_a_failure_and_the_job_as_done(
    repository: Any, right: str, tmp_path: Path, stub_gh: Path
) -> None:
    repository.write("basics/basics.py", right + "\n\ndef add(a, b):\n    return a - b\n")
    repository.commit()
    packed(repository, tmp_path / "untrusted")
    done, check = graded(repository, tmp_path, stub_gh)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (check["conclusion"], check["output"]["title"]) == ("failure", "10 / 11")


def test_a_pull_request_without_an_answer_concludes_as_neutral(repository: Any, tmp_path: Path, stub_gh: Path) -> None:
    repository.write("$(touch it-ran)/::error::.txt", "x")
    repository.write("-rf/x", "x")
    repository.commit()
    packed(repository, tmp_path / "untrusted")
    done, check = graded(repository, tmp_path, stub_gh)
    assert done.returncode == 0, done.stdout + done.stderr
    assert check["conclusion"] == "neutral"
    assert not list(tmp_path.rglob("it-ran"))


@pytest.mark.parametrize("name", ["../../escape.py", "basics/../../escape.py", "/tmp/escape.py"])
def test_a_forged_artifact_writes_nothing_and_is_refused(
    name: str, repository: Any, tmp_path: Path, stub_gh: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "artifact.zip", "w") as archive:
        archive.writestr(name, "x = 1")
    repository.commit()
    done, check = graded(repository, tmp_path, stub_gh)
    assert done.returncode == 0, done.stderr
    assert check["conclusion"] == "neutral"
    assert "is not a name inside the submission" in check["output"]["summary"]
    assert not list(tmp_path.rglob("escape.py"))


def test_an_artifact_that_is_too_large_is_told_as_the_submissions_size_and_never_fetched(
    repository: Any, tmp_path: Path, stub_gh: Path
) -> None:
    (tmp_path / "artifact.size").write_text("50000001")
    repository.commit()
    done, check = graded(repository, tmp_path, stub_gh)
    assert done.returncode == 0, done.stderr
    said = check["output"]["summary"]
    assert "The submission is too large to be graded" in said
    assert "Leave out data sets, trained weights, environments" in said
    assert "not your fault" not in said and check["output"]["title"] == "Nothing to grade"
    assert not (tmp_path / "artifact.zip").exists(), "there was nothing to fetch"


def test_the_note_of_a_removed_answer_comes_through_the_artifact(
    repository: Any, right: str, tmp_path: Path, stub_gh: Path
) -> None:
    (repository.folder / "basics/basics.py").unlink()
    repository.commit()
    packed(repository, tmp_path / "untrusted")
    _, check = graded(repository, tmp_path, stub_gh)
    assert check["conclusion"] == "neutral"
    assert "holds no answer any more" in check["output"]["summary"]


def test_an_exercise_that_became_a_link_is_not_followed_and_said_to_be_no_folder(
    repository: Any, tmp_path: Path, stub_gh: Path
) -> None:
    repository.git("rm", "--quiet", "-r", "basics")
    (repository.folder / "basics").symlink_to("/etc")
    repository.commit()
    packed(repository, tmp_path / "untrusted")
    assert [path.name for path in (tmp_path / "untrusted/submission").iterdir()] == ["changed.txt"]
    _, check = graded(repository, tmp_path, stub_gh)
    assert check["conclusion"] == "failure"
    assert "`basics` is no folder any more" in check["output"]["summary"]


def test_where_the_grader_fails_the_author_is_told_and_it_costs_nothing(
    repository: Any, tmp_path: Path, stub_gh: Path
) -> None:
    environment = repository.environment(
        RUNNER_TEMP=str(tmp_path),
        GITHUB_REPOSITORY="course/students",
        PATH=f"{stub_gh}{os.pathsep}{os.environ['PATH']}",
        HEAD="f" * 40,
    )
    done = run(script("grade", "Publish the check"), tmp_path, environment)
    assert done.returncode == 0, done.stderr
    check = json.loads((tmp_path / "published.json").read_text())
    assert (check["name"], check["head_sha"], check["conclusion"]) == ("Grade", "f" * 40, "neutral")
    assert "costs no points" in check["output"]["summary"]


@pytest.mark.parametrize("restricted", [True, False])
def test_user_namespaces_are_allowed_where_ubuntu_keeps_them_back(
    restricted: bool, repository: Any, tmp_path: Path
) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, text in {"sysctl": f"exit {int(not restricted)}", "sudo": f'echo "$*" >> {tmp_path}/asked'}.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    environment = repository.environment(PATH=f"{folder}{os.pathsep}{os.environ['PATH']}")
    done = run(script("grade", "Let the sandbox have its user namespaces"), tmp_path, environment)
    assert done.returncode == 0, done.stderr
    asked = (tmp_path / "asked").read_text() if restricted else ""
    assert asked == "sysctl --quiet --write kernel.apparmor_restrict_unprivileged_userns=0\n" * restricted


def private_course(repository: Any, folder: Path) -> None:
    """Make the course's own repository, whose `make setup` is quick."""
    folder.mkdir()
    for name in ("assignments", "reference"):
        shutil.copytree(ROOT / "tests/golden/course" / name, folder / name)
    (folder / "grade.py").symlink_to(ROOT / "grade.py")
    (folder / "Makefile").write_text("setup:\n\tmkdir -p .venv/bin\n\tcp python .venv/bin/python\n")
    (folder / "python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@" --course course\n')
    (folder / "python").chmod(0o755)
    course = type(repository)(folder)
    course.git("init", "--quiet", "--initial-branch=main")
    course.commit()


def test_a_merge_request_is_graded_by_the_pipeline_and_not_by_one_that_it_brings(
    repository: Any, right: str, tmp_path: Path
) -> None:
    private_course(repository, tmp_path / "private")
    base = repository.git("rev-parse", "main")
    repository.write("basics/basics.py", right)
    repository.write(".gitlab-ci.yml", "grade:\n  script: [touch it-ran]\n")
    repository.write("Makefile", "setup:\n\ttouch it-ran\n")
    head = repository.commit()
    project = tmp_path / "project"
    project.mkdir()
    environment = repository.environment(
        CI_PROJECT_DIR=str(project),
        CI_SERVER_HOST="gitlab.example.org",
        CI_REPOSITORY_URL=repository.folder.as_uri(),
        CI_MERGE_REQUEST_DIFF_BASE_SHA=base,
        CI_COMMIT_SHA=head,
        GITLAB_USER_LOGIN="ada",
        COURSE_PROJECT="courses/deep-learning",
        COURSE_TOKEN="token",
        GIT_CONFIG_COUNT="1",
        GIT_CONFIG_KEY_0=f"url.{(tmp_path / 'private').as_uri()}.insteadOf",
        GIT_CONFIG_VALUE_0="https://course:token@gitlab.example.org/courses/deep-learning.git",
    )
    pipeline = YAML(typ="safe").load(PIPELINE.read_text(encoding="utf-8"))
    done = run("\n".join(pipeline["grade"]["script"]), project, environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "11 / 11" in (project / "summary.md").read_text(encoding="utf-8")
    assert "Passed over: 1 change of the workflows" in (project / "summary.md").read_text(encoding="utf-8")
    assert "ada" in (project / "junit.xml").read_text(encoding="utf-8")
    assert not list(tmp_path.rglob("it-ran"))
    assert pipeline["grade"]["variables"] == {"GIT_STRATEGY": "none"}


def test_an_answer_in_the_notebook_comes_through_the_artifact(
    repository: Any, right: str, tmp_path: Path, stub_gh: Path
) -> None:
    cell = {"cell_type": "code", "source": right, "metadata": {}, "outputs": [], "execution_count": None, "id": "a"}
    text = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    repository.write("basics/basics.ipynb", text)
    repository.commit()
    packed(repository, tmp_path / "untrusted")
    _, check = graded(repository, tmp_path, stub_gh)
    assert check["output"]["title"] == "11 / 11"
