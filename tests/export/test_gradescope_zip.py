"""What is in the zip for Gradescope, and what is not. `tests/cli/test_gradescope.py` runs it."""

import io
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from autograder.assignment import load
from autograder.errors import UsageError
from autograder.export import gradescope_zip

ROOT = Path(__file__).parents[2]
SECRET = b"the secret of a course for tests"


def built(slug: str = "module_rewrite", secret: bytes = SECRET) -> bytes:
    return gradescope_zip.build(load(ROOT, slug), secret)


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(built())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_what_gradescope_starts_lies_at_the_root_and_may_be_started() -> None:
    with zipfile.ZipFile(io.BytesIO(built())) as archive:
        for name in ("setup.sh", "run_autograder"):
            assert archive.getinfo(name).external_attr >> 16 & 0o777 == 0o755
            assert archive.read(name).startswith(b"#!")


def test_it_holds_one_exercise_with_its_hidden_suite_and_reference(files: dict[str, bytes]) -> None:
    ours = {name for name in files if name.startswith(("assignments/", "reference/"))}
    suite = {f"assignments/module_rewrite/hidden/{path.name}" for path in load(ROOT, "module_rewrite").suite_files}
    assert ours == {"assignments/module_rewrite/assignment.toml", "reference/module_rewrite/model.py"} | suite


def test_it_holds_the_whole_grader_and_nothing_that_a_machine_made(files: dict[str, bytes]) -> None:
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "autograder").rglob("*.py")}
    assert modules <= files.keys()
    assert not [name for name in files if "__pycache__" in name or name.startswith("tests/")]


def test_it_names_no_place_on_this_machine_and_no_package_registry(files: dict[str, bytes]) -> None:
    for name, content in files.items():
        assert str(ROOT).encode() not in content and str(Path.home()).encode() + b"/" not in content, name
    for name in ("setup.sh", "run_autograder", "requirements.txt", "constraints.txt"):
        assert not re.search(rb"https?://|index-url|find-links", files[name]), name


def test_the_courses_secret_stays_at_home(files: dict[str, bytes]) -> None:
    theirs = files[".autograder/secret"]
    assert len(theirs) == 32
    assert SECRET not in b"".join(files.values())
    with zipfile.ZipFile(io.BytesIO(built("gpu_move"))) as archive:
        assert archive.read(".autograder/secret") != theirs
    with zipfile.ZipFile(io.BytesIO(built(secret=b"x" * 32))) as archive:
        assert archive.read(".autograder/secret") != theirs


def test_the_same_course_gives_the_same_bytes() -> None:
    assert built() == built()


def test_every_package_that_is_installed_is_pinned(files: dict[str, bytes]) -> None:
    lines = [line for line in files["constraints.txt"].decode().splitlines() if line and not line.startswith("#")]
    pinned = {pin.name.lower() for pin in map(Requirement, lines) if "==" in str(pin.specifier)}
    wanted = [Requirement(line) for line in files["requirements.txt"].decode().splitlines()]
    here = {one.name.lower() for one in wanted if one.marker is None or one.marker.evaluate({"sys_platform": "linux"})}
    assert {"torch", "pytest", "msgspec"} <= here <= pinned


def test_setup_is_a_script_that_bash_can_read_and_installs_pytorch_first(files: dict[str, bytes]) -> None:
    subprocess.run(["bash", "-n"], input=files["setup.sh"], check=True)
    installs = [line for line in files["setup.sh"].decode().splitlines() if line.startswith("pip install")]
    assert ["torch" in line for line in installs] == [True, False]
    assert all("--constraint constraints.txt" in line for line in installs)


def test_without_the_pinned_packages_it_says_where_to_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(gradescope_zip, "_PROJECT", tmp_path)
    with pytest.raises(UsageError, match=r"constraints.txt cannot be read: No such file.*run this in a checkout"):
        built()
