"""Whatever is handed in becomes a `Submission`, or one sentence about why it cannot be graded."""

import ast
import bz2
import contextlib
import gzip
import io
import json
import os
import socket
import stat
import struct
import tarfile
import tempfile
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.errors import SubmissionError, UsageError
from autograder.submission import LIMITS, Submission, find_submissions, receive, source_of

FUZZ = int(os.environ.get("FUZZ", "1"))
CODE = b"def f():\n    return 1\n"
NOTEBOOK = json.dumps({"cells": [{"cell_type": "code", "source": "x = 1", "outputs": [{"text": "<script>"}]}]}).encode()
Files = dict[str, bytes]


def as_folder(path: Path, files: Files) -> Path:
    path.mkdir()
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def as_zip(path: Path, files: Files, compression: int = zipfile.ZIP_DEFLATED) -> Path:
    path = path.with_name(f"{path.name}.zip")
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def as_tar(path: Path, files: Files, ending: str = "tar", form: int = tarfile.PAX_FORMAT) -> Path:
    path = path.with_name(f"{path.name}.{ending}")
    with tarfile.open(path, "w" if ending == "tar" else "w:gz", format=form) as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return path


def as_tar_gz(path: Path, files: Files) -> Path:
    return as_tar(path, files, "tar.gz")


def as_gnu_tgz(path: Path, files: Files) -> Path:
    return as_tar(path, files, "tgz", tarfile.GNU_FORMAT)


CONTAINERS = [as_folder, as_zip, as_tar, as_tar_gz, as_gnu_tgz]
ARCHIVES = [as_zip, as_tar, as_tar_gz, as_gnu_tgz]
in_every_container = pytest.mark.parametrize("pack", CONTAINERS)


def refusal(path: Path, module: str = "metrics") -> str:
    """Return the sentence with which a submission is refused; it has three beats and shows no path of this machine."""
    with pytest.raises(SubmissionError) as caught:
        receive(path, module)
    sentence = str(caught.value)
    assert str(path.parent) not in sentence
    assert sentence.isprintable() or "^" in sentence
    assert sentence.endswith(".")
    assert len(sentence) < 500
    return sentence


# What is accepted.


@in_every_container
def test_helpers_packages_and_data_are_kept_beside_the_module(tmp_path, pack):
    files = {
        "data/points.csv": b"1,2\n",
        "metrics.py": b"from utils import x\n",
        "model/__init__.py": b"",
        "model/layers.py": b"from . import x\n",
        "utils.py": b"x = 1\n",
        "weights.pt": b"PK\x03\x04\0",
    }
    submission = receive(pack(tmp_path / "alice", files), "metrics")
    assert submission.student == "alice"
    assert submission.files == files
    assert list(submission.files) == sorted(files)
    assert submission.notes == ()


def test_the_same_files_have_the_same_digest_in_every_container_and_order(tmp_path):
    files = {"metrics.py": CODE, "a/b.csv": b"1", "nötiz.txt": b"\xff"}
    turned = dict(reversed(files.items()))
    wrapped = {f"homework 1/{name}": data for name, data in files.items()}
    paths = [
        pack(tmp_path / f"{pack.__name__}{i}", f) for pack in CONTAINERS for i, f in enumerate([files, turned, wrapped])
    ]
    os.utime(paths[0] / "metrics.py", (0, 2**33))
    (paths[0] / "metrics.py").chmod(0o4755)
    assert len({receive(path, "metrics").digest for path in paths}) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"metrics.py": CODE + b"\n", "a.csv": b"1"},
        {"metrics.py": CODE, "b.csv": b"1"},
        {"metrics.py": CODE, "a.csv": b"2"},
        {"metrics.py": CODE},
        {"metrics.py": CODE, "a.csv1": b""},
    ],
)
def test_other_files_have_another_digest(tmp_path, other):
    one = receive(as_folder(tmp_path / "one", {"metrics.py": CODE, "a.csv": b"1"}), "metrics")
    assert one.digest != receive(as_folder(tmp_path / "two", other), "metrics").digest


def test_a_single_file_may_bear_the_name_of_its_student(tmp_path):
    (tmp_path / "alice.py").write_bytes(CODE)
    submission = receive(tmp_path / "alice.py", "metrics")
    assert (submission.student, submission.files) == ("alice", {"metrics.py": CODE})
    assert submission.notes == ("`alice.py` is graded as `metrics.py`.",)


def test_the_student_may_be_named_by_the_caller(tmp_path):
    (tmp_path / "metrics.py").write_bytes(CODE)
    assert receive(tmp_path / "metrics.py", "metrics", student="bo").student == "bo"


@pytest.mark.parametrize("name", ["alice.ipynb", "alice.PY", "alice.tar.gz", "alice.tgz", "alice.ZIP", "alice.docx"])
def test_the_student_is_the_name_of_the_file_without_its_ending(tmp_path, name):
    (tmp_path / name).touch()
    assert find_submissions(tmp_path) == [("alice", tmp_path / name)]


def test_a_student_keeps_the_letters_of_the_name_but_no_control_characters(tmp_path):
    for name in ("Jose\u0301\u00a0Garci\u0301a.py", "x\x1b[2J.py", os.fsdecode(b"caf\xe9.py")):
        (tmp_path / name).touch()
    assert [student for student, _ in find_submissions(tmp_path)] == [
        "Jos\u00e9\u00a0Garc\u00eda",
        "caf\ufffd",
        "x\ufffd[2J",
    ]


def test_the_student_is_the_name_of_the_folder_with_its_dots(tmp_path, monkeypatch):
    folder = as_folder(tmp_path / "de.la.cruz", {"metrics.py": CODE})
    monkeypatch.chdir(folder)
    assert receive(Path(), "metrics").student == "de.la.cruz"


@pytest.mark.parametrize("pack", ARCHIVES)
def test_the_folder_that_an_archiver_put_around_everything_is_taken_away(tmp_path, pack):
    files = {
        "Homework 1/Homework 1/metrics.py": CODE,
        "Homework 1/Homework 1/helpers/a.py": b"",
        "Homework 1/.DS_Store": b"\0",
        "__MACOSX/Homework 1/._metrics.py": b"\0",
        "__MACOSX/._Homework 1": b"\0",
        "Homework 1/Icon\r": b"",
    }
    submission = receive(pack(tmp_path / "alice", files), "metrics")
    assert submission.files == {"metrics.py": CODE, "helpers/a.py": b""}
    assert submission.notes == ()


@pytest.mark.parametrize("pack", ARCHIVES)
def test_names_from_a_mac_are_the_names_that_other_systems_write(tmp_path, pack):
    files = {"metrics.py": CODE, "don\u0065\u0301es.csv": b"1"}
    assert "don\u00e9es.csv" in receive(pack(tmp_path / "alice", files), "metrics").files


def test_a_path_that_begins_with_a_dot_is_the_same_path(tmp_path):
    files = {"./metrics.py": CODE, "./data//a.csv": b"1"}
    assert set(receive(as_tar(tmp_path / "alice", files), "metrics").files) == {"metrics.py", "data/a.csv"}


def test_a_long_path_in_a_tar_keeps_its_name(tmp_path):
    name = f"{'d' * 90}/{'e' * 80}/données.csv"
    for form in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT):
        path = as_tar(tmp_path / f"alice{form}", {"metrics.py": CODE, name: b"1"}, "tar.gz", form)
        assert name in receive(path, "metrics").files


def test_a_tar_made_by_git_archive_is_read(tmp_path):
    path = tmp_path / "alice.tar"
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT, pax_headers={"comment": "a" * 40}) as archive:
        entry = tarfile.TarInfo("hw-main/metrics.py")
        entry.size, entry.mtime = len(CODE), 1.5
        archive.addfile(entry, io.BytesIO(CODE))
    assert receive(path, "metrics").files == {"metrics.py": CODE}


# Notebooks.


def test_a_notebook_is_graded_by_its_code_and_its_outputs_are_dropped(tmp_path):
    (tmp_path / "alice.ipynb").write_bytes(NOTEBOOK)
    submission = receive(tmp_path / "alice.ipynb", "metrics")
    assert list(submission.files) == ["metrics.py"]
    assert b"x = 1" in submission.files["metrics.py"]
    assert b"script" not in submission.files["metrics.py"]


def test_a_notebook_may_have_a_long_name(tmp_path):
    path = tmp_path / f"{'n' * 200}.ipynb"
    path.write_bytes(NOTEBOOK)
    assert b"x = 1" in receive(path, "metrics").files["metrics.py"]


@in_every_container
def test_one_notebook_among_data_is_the_module(tmp_path, pack):
    submission = receive(pack(tmp_path / "alice", {"hw/answer.ipynb": NOTEBOOK, "hw/a.csv": b"1"}), "metrics")
    assert set(submission.files) == {"metrics.py", "a.csv"}


def test_the_notebook_named_like_the_module_wins_over_others(tmp_path):
    files = {"metrics.ipynb": NOTEBOOK, "scratch.ipynb": b"{}", "old/metrics.ipynb": b"{}"}
    submission = receive(as_folder(tmp_path / "alice", files), "metrics")
    assert list(submission.files) == ["metrics.py"]
    assert submission.notes == ("2 notebooks were left out: `metrics.ipynb` is what is graded.",)


def test_the_python_file_wins_over_a_notebook_with_a_note(tmp_path):
    submission = receive(as_folder(tmp_path / "alice", {"metrics.py": CODE, "metrics.ipynb": NOTEBOOK}), "metrics")
    assert submission.files == {"metrics.py": CODE}
    assert submission.notes == ("`metrics.ipynb` was left out: `metrics.py` is what is graded.",)


def test_a_syntax_error_in_a_notebook_names_the_cell(tmp_path):
    (tmp_path / "alice.ipynb").write_bytes(NOTEBOOK.replace(b"x = 1", b"x = = 1"))
    assert refusal(tmp_path / "alice.ipynb").startswith("Code cell 1 of `alice.ipynb` is not valid Python")


# What is ignored, and said.


@in_every_container
def test_settings_compiled_code_and_hidden_files_are_ignored_with_a_note(tmp_path, pack):
    files = {
        "metrics.py": CODE,
        "conftest.py": b"raise SystemExit",
        "sub/conftest.py": b"raise SystemExit",
        "pyproject.toml": b"[tool.pytest]",
        "setup.cfg": b"",
        "tox.ini": b"",
        "pytest.ini": b"",
        "sitecustomize.py": b"",
        "usercustomize.py": b"",
        "evil-1.0.dist-info/entry_points.txt": b"[pytest11]\nx = evil",
        "evil.egg-info/PKG-INFO": b"",
        "evil.whl": b"PK",
        "__pycache__/metrics.cpython-311.pyc": b"\0",
        "metrics.pyc": b"\0",
        "metrics.cpython-311-x86_64-linux-gnu.so": b"\x7fELF",
        ".git/config": b"",
        ".git/HEAD": b"",
        ".ipynb_checkpoints/metrics-checkpoint.ipynb": b"",
    }
    submission = receive(pack(tmp_path / "alice", files), "metrics")
    assert submission.files == {"metrics.py": CODE}
    assert submission.notes == (
        "Ignored `.git`, `.ipynb_checkpoints`: hidden files are not part of the answer.",
        "Ignored `__pycache__`, `metrics.cpython-311-x86_64-linux-gnu.so`, `metrics.pyc`: only source is run.",
        "Ignored `conftest.py`, `pyproject.toml`, `pytest.ini` and 3 more: "
        "the tests run with the course's own settings.",
        "Ignored `evil-1.0.dist-info`, `evil.egg-info`, `evil.whl`: only what the course installs can be imported.",
        "Ignored `sitecustomize.py`, `usercustomize.py`: Python starts without them when a submission is graded.",
    )


@in_every_container
def test_the_tests_of_a_starter_kit_are_left_out_without_reproach(tmp_path, pack):
    files = {
        "metrics.py": CODE,
        "tests/__init__.py": b"",
        "tests/conftest.py": b"",
        "tests/test_public.py": b"",
        "tests/data/points.csv": b"1",
    }
    submission = receive(pack(tmp_path / "alice", files), "metrics")
    assert list(submission.files) == ["metrics.py"]
    assert "`tests/` was left out: the course's own tests are the ones that are run." in submission.notes


def test_a_folder_called_tests_with_helpers_in_it_is_kept(tmp_path):
    files = {"metrics.py": CODE, "tests/helpers.py": b"x = 1\n", "tests/test_own.py": b""}
    assert receive(as_folder(tmp_path / "alice", files), "metrics").files == files


def test_weights_called_pth_are_kept_and_path_files_are_not(tmp_path):
    files = {
        "metrics.py": CODE,
        "model.pth": b"PK\x03\x04\0\x80",
        "evil.pth": b"import os; os._exit(0)\n",
        "d/a.pth": b"x",
    }
    submission = receive(as_folder(tmp_path / "alice", files), "metrics")
    assert set(submission.files) == {"metrics.py", "model.pth", "d/a.pth"}
    assert submission.notes == (
        "`evil.pth` was left out: it is text, and so not weights but Python's list of folders.",
    )


def test_words_about_grading_in_the_code_are_nobodys_business(tmp_path):
    code = b'"""Run pytest; see conftest.py and results.json."""\n'
    assert receive(as_folder(tmp_path / "alice", {"metrics.py": code}), "metrics").notes == ()


def test_text_that_does_not_read_as_it_runs_is_noted_for_staff(tmp_path):
    files = {"metrics.py": b"x = 1\n", "helper.py": "x = 1\n# \u202e } \u2066\n".encode(), "old.py": b"# \xff\n"}
    assert receive(as_folder(tmp_path / "alice", files), "metrics").notes == (
        "`helper.py` reorders text with bidirectional control characters, first on line 2.",
        "`old.py` is not text in an encoding that is read here; an editor may show it wrongly.",
    )


def test_a_broken_helper_that_may_never_be_imported_is_no_reason_to_refuse(tmp_path):
    files = {"metrics.py": CODE, "python2.py": b"print 1\n"}
    assert receive(as_folder(tmp_path / "alice", files), "metrics").files == files


# What is refused.


def test_a_missing_path_is_refused(tmp_path):
    assert refusal(tmp_path / "alice").startswith("`alice` cannot be read: No such file or directory.")


@pytest.mark.parametrize("name", ["alice.rar", "alice.py.txt", "alice"])
def test_another_kind_of_file_is_refused(tmp_path, name):
    (tmp_path / name).write_bytes(CODE)
    assert "is not a kind of file that can be graded. Hand in `metrics.py`" in refusal(tmp_path / name)


@in_every_container
def test_an_empty_submission_is_refused(tmp_path, pack):
    assert refusal(pack(tmp_path / "alice", {})).startswith("The submission is empty")


@pytest.mark.parametrize("code", [b"", b" \n\n", b"\xef\xbb\xbf\r\n"])
def test_an_empty_file_is_refused(tmp_path, code):
    (tmp_path / "alice.py").write_bytes(code)
    assert refusal(tmp_path / "alice.py").startswith("`metrics.py` is empty")


@pytest.mark.parametrize(
    ("files", "advice"),
    [
        ({"metric.py": CODE, "a_very_different_name.py": CODE}, "found `metric.py`; rename it to `metrics.py`"),
        ({"hw/Metrics.py": CODE}, "found `Metrics.py`; rename it to `metrics.py`"),
        ({"a.md": b"", "src/deep/metrics.py": CODE}, "found `src/deep/metrics.py`; move it to the top"),
        ({"a.ipynb": NOTEBOOK, "b.ipynb": NOTEBOOK}, "Hand in one, or name it `metrics.ipynb`"),
        ({"answer.zip": b"PK"}, "found `answer.zip` inside; unpack it"),
        ({"notes.txt": b"x"}, "Add it, or one notebook"),
        ({"metrics.pyc": b"\0"}, "The submission is empty"),
    ],
)
@in_every_container
def test_a_missing_module_is_refused_with_what_was_found(tmp_path, pack, files, advice):
    assert advice in refusal(pack(tmp_path / "alice", files))


def test_a_package_that_python_would_import_instead_is_refused(tmp_path):
    files = {"metrics.py": CODE, "metrics/__init__.py": b"def f(): return 2\n"}
    assert "Python would import the package" in refusal(as_folder(tmp_path / "alice", files))


@pytest.mark.parametrize(
    "name",
    [
        "../x.py",
        "a/../../x.py",
        "/etc/x.py",
        "C:\\x.py",
        "C:x.py",
        "..\\..\\x.py",
        "a\\b.py",
        "//x.py",
        ".git/../x.py",
        "..",
    ],
)
@pytest.mark.parametrize("pack", ARCHIVES)
def test_a_name_that_leads_out_of_the_submission_is_refused(tmp_path, pack, name):
    sentence = refusal(pack(tmp_path / "alice", {"metrics.py": CODE, name: b"x"}))
    assert sentence.startswith(f"`{name}` is not a name inside the submission")


@pytest.mark.parametrize("name", ["a\nb.py", "a\x1b[2J.py", "a\u202eyp.txt"])
@in_every_container
def test_a_name_that_cannot_be_shown_is_refused(tmp_path, pack, name):
    assert "has a character in its name that cannot be shown" in refusal(
        pack(tmp_path / "x", {"metrics.py": CODE, name: b""})
    )


def test_a_name_that_is_not_utf8_is_refused(tmp_path):
    folder = as_folder(tmp_path / "alice", {"metrics.py": CODE})
    (folder / os.fsdecode(b"caf\xe9.csv")).touch()
    assert "has a character in its name that cannot be shown" in refusal(folder)
    tar = as_tar(tmp_path / "bo", {"metrics.py": CODE, "cafX.csv": b""}, form=tarfile.USTAR_FORMAT)
    data = tar.read_bytes()
    header = data.index(b"cafX")
    checksum = int(data[header + 148 : header + 154], 8) + 0xE9 - ord("X")
    patched = data[: header + 148] + b"%06o" % checksum + data[header + 154 :]
    tar.write_bytes(patched.replace(b"cafX", b"caf\xe9"))
    assert "has a character in its name that cannot be shown" in refusal(tar)


@pytest.mark.parametrize("pack", ARCHIVES)
@pytest.mark.parametrize(
    ("first", "second"),
    [("a.csv", "A.csv"), ("straße.csv", "STRASSE.csv"), ("\u00e9.csv", "e\u0301.csv"), ("a.csv", "./a.csv")],
)
def test_two_names_that_are_one_on_some_computers_are_refused(tmp_path, pack, first, second):
    sentence = refusal(pack(tmp_path / "alice", {"metrics.py": CODE, first: b"1", second: b"2"}))
    assert "are the same name on some computers" in sentence


@pytest.mark.parametrize("pack", ARCHIVES)
def test_a_name_that_is_file_and_folder_is_refused(tmp_path, pack):
    assert "both a file and a folder" in refusal(
        pack(tmp_path / "alice", {"metrics.py": CODE, "a": b"", "a/b/c.csv": b""})
    )


def test_links_in_a_folder_are_refused_and_never_followed(tmp_path):
    (tmp_path / "secret.py").write_bytes(CODE)
    for name, target in (("metrics.py", "../secret.py"), ("data", ".."), ("gone", "nowhere")):
        folder = as_folder(tmp_path / f"with {name}", {"metrics.py": CODE} if name != "metrics.py" else {})
        (folder / name).symlink_to(target)
        assert refusal(folder).startswith(f"`{name}` is a link, and only plain files are read.")


def test_a_submission_that_is_itself_a_link_is_refused(tmp_path):
    as_folder(tmp_path / "real", {"metrics.py": CODE})
    (tmp_path / "alice").symlink_to("real")
    (tmp_path / "bo.py").symlink_to("real/metrics.py")
    assert "is a link" in refusal(tmp_path / "alice")
    assert "is a link" in refusal(tmp_path / "bo.py")


def test_a_link_inside_an_ignored_folder_is_ignored_with_it(tmp_path):
    folder = as_folder(tmp_path / "alice", {"metrics.py": CODE, ".venv/a": b""})
    (folder / ".venv" / "python").symlink_to("/usr/bin/python3")
    assert receive(folder, "metrics").files == {"metrics.py": CODE}


def test_a_link_with_a_long_target_inside_an_ignored_folder_of_a_tar_is_ignored_with_it(tmp_path):
    for form in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        path = as_tar(tmp_path / f"alice{form}", {"metrics.py": CODE}, form=form)
        with tarfile.open(path, "a", format=form) as archive:
            link = tarfile.TarInfo(".venv/bin/python")
            link.type, link.linkname = tarfile.SYMTYPE, "/usr" * 50
            archive.addfile(link)
        assert receive(path, "metrics").files == {"metrics.py": CODE}


def test_pipes_sockets_and_devices_are_never_opened(tmp_path):
    os.mkfifo(as_folder(tmp_path / "pipe", {"metrics.py": CODE}) / "data.csv")
    os.mkfifo(tmp_path / "alice.py")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(as_folder(tmp_path / "socket", {"metrics.py": CODE}) / "s"))
        for name in ("pipe", "alice.py", "socket"):
            assert "is a pipe, device or socket" in refusal(tmp_path / name)
    assert "is a pipe, device or socket" in refusal(Path("/dev/zero"))


def test_a_file_swapped_for_a_link_or_a_pipe_after_it_was_looked_at_is_not_read(tmp_path, monkeypatch):
    path = tmp_path / "alice.py"
    (tmp_path / "secret.py").write_bytes(CODE)
    looked_at = os.stat(tmp_path / "secret.py")
    monkeypatch.setattr(os, "stat", lambda *args, **kwargs: looked_at)
    path.symlink_to("secret.py")
    monkeypatch.setattr(os, "lstat", lambda path: looked_at)
    assert "cannot be read: Too many levels of symbolic links" in refusal(path)
    path.unlink()
    os.mkfifo(path)
    assert "is a pipe, device or socket" in refusal(path)


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK])
def test_a_link_or_device_in_a_zip_is_refused(tmp_path, mode):
    path = as_zip(tmp_path / "alice", {"metrics.py": CODE})
    with zipfile.ZipFile(path, "a") as archive:
        info = zipfile.ZipInfo("data")
        info.external_attr = (mode | 0o777) << 16
        archive.writestr(info, "/etc")
        archive.writestr("data/passwd", "root")
    assert refusal(path).startswith("`data` is a ")


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.GNUTYPE_SPARSE, b"?"]
)
def test_a_link_or_device_in_a_tar_is_refused(tmp_path, kind):
    path = tmp_path / "alice.tar"
    with tarfile.open(path, "w") as archive:
        entry = tarfile.TarInfo("data")
        entry.type, entry.linkname = kind, "/etc"
        archive.addfile(entry)
        archive.addfile(tarfile.TarInfo("data/passwd"))
    assert refusal(path).startswith("`data` is a link, device or other special entry")


@pytest.mark.parametrize("ending", ["zip", "tar", "tar.gz", "tgz"])
@pytest.mark.parametrize("data", [b"PK", b"not an archive" * 100, b"\x1f\x8b\x08broken", b"\x1f\x8b" + bytes(600)])
def test_a_broken_archive_is_refused(tmp_path, ending, data):
    path = tmp_path / f"alice.{ending}"
    path.write_bytes(data)
    assert "cannot be unpacked" in refusal(path)


@pytest.mark.parametrize("pack", ARCHIVES)
def test_an_archive_that_was_cut_short_is_refused(tmp_path, pack):
    path = pack(tmp_path / "alice", {"metrics.py": CODE, "a.bin": os.urandom(2000)})
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 5 if path.suffix != ".tar" else 2048])
    assert "cannot be unpacked" in refusal(path)


def patched(path: Path, offset: int, form: str, value: int) -> Path:
    """Change a field of the last entry in the directory of a zip."""
    data = bytearray(path.read_bytes())
    struct.pack_into(form, data, data.rindex(b"PK\x01\x02") + offset, value)
    path.write_bytes(data)
    return path


def test_an_encrypted_zip_is_refused(tmp_path):
    assert "encrypted with a password" in refusal(patched(as_zip(tmp_path / "alice", {"metrics.py": CODE}), 8, "<H", 1))


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_compression_that_cannot_be_capped_is_refused(tmp_path, compression):
    path = as_zip(tmp_path / "alice", {"metrics.py": CODE}, compression)
    assert "unusual compression" in refusal(path)


@pytest.mark.parametrize("size", [0, 5, 500, 2**31])
def test_a_zip_that_lies_about_a_size_is_refused(tmp_path, size):
    path = as_zip(tmp_path / "alice", {"metrics.py": CODE, "data.csv": b"1" * 100})
    assert "cannot be unpacked" in refusal(patched(path, 24, "<L", size))


def test_a_zip_with_a_wrong_checksum_is_refused(tmp_path):
    assert "cannot be unpacked" in refusal(patched(as_zip(tmp_path / "alice", {"metrics.py": CODE}), 16, "<L", 1))


def test_a_zip_whose_entries_overlap_is_refused(tmp_path):
    path = as_zip(tmp_path / "alice", {"metrics.py": CODE, "data.csv": b"1" * 100})
    assert "entries overlap" in refusal(patched(path, 42, "<L", 0))


@pytest.fixture
def in_a_second() -> Callable[[], contextlib.AbstractContextManager[None]]:
    @contextlib.contextmanager
    def stopwatch():
        started = time.process_time()
        yield
        assert time.process_time() - started < 1

    return stopwatch


def test_a_bomb_is_refused_within_a_second(tmp_path, in_a_second):
    (tmp_path / "bomb.tar.gz").write_bytes(gzip.compress(bytes(2**25), 1) * 100)  # three gigabytes, in 100 members
    as_zip(tmp_path / "bomb", {"metrics.py": CODE, "a.bin": bytes(2**26)})
    as_zip(tmp_path / "many", {f"{i}.bin": bytes(2**20) for i in range(20)})
    as_zip(tmp_path / "bzip2", {"a.bin": bytes(2**25)}, zipfile.ZIP_BZIP2)
    for name in ("bomb.tar.gz", "bomb.zip", "many.zip", "bzip2.zip"):
        with in_a_second():
            assert refusal(tmp_path / name)


def test_a_bomb_is_not_held_in_memory(tmp_path):
    path = as_zip(tmp_path / "bomb", {"metrics.py": CODE, "a.bin": bytes(2**26)})
    tracemalloc.start()
    try:
        assert "more than 10 MiB in all" in refusal(path)
        assert tracemalloc.get_traced_memory()[1] < 2**26
    finally:
        tracemalloc.stop()


def test_thousands_of_very_deep_names_are_read_within_a_second(tmp_path, in_a_second):
    path = as_zip(tmp_path / "alice", {"metrics.py": CODE, **{f".a/{i}/{'b/' * 3000}.c": b"" for i in range(500)}})
    with in_a_second():
        assert receive(path, "metrics").files == {"metrics.py": CODE}
    path = as_zip(tmp_path / "bo", {"metrics.py": CODE, **{f"{'b/' * 3000}{i}/.c": b"" for i in range(500)}})
    with in_a_second():
        assert "too long or too deep" in refusal(path)


def test_a_nested_bomb_is_never_unpacked(tmp_path):
    inner = as_zip(tmp_path / "inner", {"zeros": bytes(2**24)}).read_bytes()
    submission = receive(as_zip(tmp_path / "alice", {"metrics.py": CODE, "inner.zip": inner}), "metrics")
    assert submission.files["inner.zip"] == inner


HEADER_ONLY = tarfile.TarInfo.create_pax_global_header({"a": "b"})


def test_a_million_entries_are_refused_within_a_second(tmp_path, in_a_second):
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", *[0] * 11, 1, *[0] * 6) + b"a"
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(entry) * 600_000, 0, 0)
    (tmp_path / "alice.zip").write_bytes(entry * 600_000 + end)
    (tmp_path / "bo.tar.gz").write_bytes(gzip.compress(tarfile.TarInfo(".a").tobuf() * 20_000, 1))
    (tmp_path / "cy.tgz").write_bytes(gzip.compress(HEADER_ONLY * 20_000, 1))
    for name in ("alice.zip", "bo.tar.gz", "cy.tgz"):
        with in_a_second():
            assert f"more than {LIMITS.entries} files and folders" in refusal(tmp_path / name)


@in_every_container
@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({f"{i}.csv": b"" for i in range(LIMITS.files + 1)}, f"more than {LIMITS.files} files"),
        ({"a.py": bytes(LIMITS.source_bytes + 1)}, "a Python file larger than 1 MiB, `a.py`"),
        (
            {"a.bin": bytes(LIMITS.total_bytes // 2), "b.bin": bytes(LIMITS.total_bytes // 2 + 1)},
            "more than 10 MiB in all",
        ),
        ({"d/" * LIMITS.depth + "a.csv": b""}, "too long or too deep"),
        ({"d" * 130 + "/" + "d" * 130: b""}, "too long or too deep"),
    ],
    ids=["files", "source", "total", "depth", "length"],
)
def test_what_is_too_large_is_refused(tmp_path, pack, files, why):
    assert why in refusal(pack(tmp_path / "alice", {"metrics.py": CODE, **files}))


def test_a_submission_as_large_as_allowed_is_received(tmp_path):
    files = {"metrics.py": b"x = '" + b"a" * (LIMITS.source_bytes - 7) + b"'\n"}
    files["a.bin"] = bytes(LIMITS.total_bytes - LIMITS.source_bytes)
    assert receive(as_zip(tmp_path / "alice", files), "metrics").files == files


def test_an_archive_may_hold_more_than_is_allowed_when_it_is_ignored(tmp_path):
    files = {"metrics.py": CODE, ".git/pack": bytes(LIMITS.total_bytes + 1), **{f".git/{i}": b"" for i in range(300)}}
    for pack in ARCHIVES:
        assert receive(pack(tmp_path / pack.__name__, files), "metrics").files == {"metrics.py": CODE}


def test_code_hidden_in_too_large_a_notebook_is_refused(tmp_path):
    text = "x = '" + "a" * LIMITS.source_bytes + "'"
    (tmp_path / "alice.ipynb").write_text(json.dumps({"cells": [{"cell_type": "code", "source": text}]}))
    assert "more than 1 MiB of code" in refusal(tmp_path / "alice.ipynb")


def test_a_tar_that_goes_backwards_is_refused(tmp_path):
    block = bytearray(tarfile.TarInfo("metrics.py").tobuf())
    block[124:136] = b"\xff" * 10 + b"\xfe\x00"  # the size -512, in base 256
    block[148:156] = b"%06o\0 " % (256 + sum(block[:148]) + sum(block[156:]))
    (tmp_path / "alice.tar").write_bytes(block + bytes(1024))
    assert "cannot be unpacked" in refusal(tmp_path / "alice.tar")


@pytest.mark.parametrize(
    "records",
    [
        b"1" * 2**20,
        b"1" * 5000 + b" path=a\n",
        b"90 path=a\n",
        b"8 path=a\n",
        b"0 a\n",
        b"-1 a\n",
        b"12 size=100\n",
        b"x a\n",
    ],
)
def test_a_malformed_extended_header_is_refused(tmp_path, in_a_second, records):
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.XHDTYPE, len(records)
    body = records + bytes(-len(records) % 512)
    sound = as_tar(tmp_path / "alice", {"metrics.py": CODE}).read_bytes()
    (tmp_path / "alice.tar").write_bytes(header.tobuf() + body + sound)
    with in_a_second():
        assert "cannot be unpacked" in refusal(tmp_path / "alice.tar")


# The text that Python runs.


def received(tmp_path: Path, code: bytes) -> Submission:
    (tmp_path / "alice.py").write_bytes(code)
    return receive(tmp_path / "alice.py", "metrics")


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("x = 'é'\n".encode(), "x = 'é'\n"),
        (b"\xef\xbb\xbfx = 1\n", "x = 1\n"),
        (b"\xef\xbb\xbf# coding: utf-8\nx = 1\n", "# coding: utf-8\nx = 1\n"),
        (b"# -*- coding: latin-1 -*-\nx = '\xe9'\n", "# -*- coding: latin-1 -*-\nx = 'é'\n"),
        (b"#!/usr/bin/python\n# vim: set fileencoding=ISO-8859-1 :\nx = '\xe9'\n", None),
        (b"\r# coding: latin-1\rx = '\xe9'\r", "\n# coding: latin-1\nx = 'é'\n"),
        (b"# coding: us-ascii\nx = 1\n", None),
        (b"x = 1\r\ny = '\\r'\r\n", "x = 1\ny = '\\r'\n"),
        ("x = 1 # \u2028\x0c y\n".encode(), "x = 1 # \u2028\x0c y\n"),
        ("\U0001d4fd = 1\n".encode(), "\U0001d4fd = 1\n"),
    ],
)
def test_the_source_is_what_python_reads(tmp_path, code, text):
    found = source_of(received(tmp_path, code), "metrics")
    assert found == text or text is None
    assert ast.dump(ast.parse(found)) == ast.dump(ast.parse(code))


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (b"# coding: utf-7\nx = 1\n", "declares the encoding utf-7"),
        (b"# coding: unicode_escape\nx = 1 #\\u000ay = 2\n", "declares the encoding unicode-escape"),
        (b"# coding: rot13\nk = 1\n", "declares the encoding rot-13"),
        (b"# coding: cp1252\nx = 1\n", "declares the encoding cp1252"),
        (b"# coding: martian\nx = 1\n", "not text in the encoding that it declares"),
        (b"\xef\xbb\xbf# coding: latin-1\nx = 1\n", "not text in the encoding that it declares"),
        (b"x = '\xe9'\n", "not text in the encoding that it declares (UTF-8 if none)"),
        (b"# coding: ascii\nx = '\xe9'\n", "not text in the encoding that it declares"),
        (b"x = '\xed\xa0\x80'\n", "not text in the encoding that it declares"),
        ("x = 1\n".encode("utf-16"), "it is UTF-16 or holds NUL bytes"),
        (b"x = 1\n\0y = 2\n", "it is UTF-16 or holds NUL bytes"),
    ],
)
def test_a_source_that_could_be_read_in_two_ways_is_refused(tmp_path, code, why):
    (tmp_path / "alice.py").write_bytes(code)
    assert why in refusal(tmp_path / "alice.py")


def test_the_source_of_a_helper_can_be_asked_for(tmp_path):
    submission = receive(as_folder(tmp_path / "alice", {"metrics.py": CODE, "utils.py": b"x = 1\r\n"}), "metrics")
    assert source_of(submission, "utils") == "x = 1\n"
    with pytest.raises(SubmissionError, match=r"has no `missing.py`. Add the file"):
        source_of(submission, "missing")


def test_a_syntax_error_is_shown_with_its_line_and_a_caret(tmp_path):
    (tmp_path / "alice.py").write_bytes(b"import torch\n\ndef f(x)\n    return x\n")
    assert refusal(tmp_path / "alice.py").splitlines() == [
        "`metrics.py` is not valid Python, so it cannot be graded: expected ':' (line 3).",
        "    def f(x)",
        "            ^",
        "Correct this line, run it once yourself, and hand in again.",
    ]


@pytest.mark.parametrize("code", [b"-" * 100_000 + b"1", b"1+" * 100_000 + b"1", b"a" + b".b" * 1000])
def test_source_that_is_nested_too_deeply_is_refused(tmp_path, code):
    (tmp_path / "alice.py").write_bytes(code)
    assert "nested too deeply" in refusal(tmp_path / "alice.py")


def test_nothing_of_a_submission_is_executed(tmp_path):
    trap = tmp_path / "trap"
    code = f"open({str(trap)!r}, 'w')\n".encode()
    files = {
        "metrics.py": code,
        "conftest.py": code,
        "sitecustomize.py": code,
        "a.pth": b"import " + code,
        "b/__init__.py": code,
    }
    receive(as_folder(tmp_path / "alice", files), "metrics")
    assert not trap.exists()


def test_a_submission_is_a_snapshot(tmp_path):
    submission = received(tmp_path, CODE)
    (tmp_path / "alice.py").write_bytes(b"changed")
    assert submission.files["metrics.py"] == CODE


# A folder of submissions.


def test_each_child_of_the_folder_is_one_submission(tmp_path):
    for name in ("dan", "Alice B", "tests", "dr.md"):
        (tmp_path / name).mkdir()
    for name in ("bo.py", "cy.zip", "eve.tar.gz", "fay.ipynb", "gus.rar"):
        (tmp_path / name).touch()
    for name in ("README.md", "roster.csv", "course.toml", ".DS_Store", "conftest.py", "notes.TXT", "a.pdf"):
        (tmp_path / name).touch()
    for name in (".git", "__pycache__", "__MACOSX"):
        (tmp_path / name).mkdir()
    (tmp_path / "hal").symlink_to("dan")
    found = find_submissions(tmp_path)
    assert [student for student, _ in found] == [
        "Alice B",
        "bo",
        "cy",
        "dan",
        "dr.md",
        "eve",
        "fay",
        "gus",
        "hal",
        "tests",
    ]
    assert dict(found)["eve"] == tmp_path / "eve.tar.gz"


@pytest.mark.parametrize(("one", "two"), [("bo", "bo.zip"), ("bo.ipynb", "bo.py"), ("Bo.py", "bo.tgz")])
def test_two_entries_for_one_student_are_refused_by_name(tmp_path, one, two):
    as_folder(tmp_path / one, {}) if one == "bo" else (tmp_path / one).touch()
    (tmp_path / two).touch()
    with pytest.raises(UsageError, match=rf"`{one}` and `{two}` are both from student"):
        find_submissions(tmp_path)


def test_a_missing_or_empty_folder_is_a_usage_error(tmp_path):
    (tmp_path / "README.md").touch()
    with pytest.raises(UsageError, match=r"holds no submission. Put one folder"):
        find_submissions(tmp_path)
    with pytest.raises(UsageError, match=r"cannot be read: No such file or directory. Name the folder"):
        find_submissions(tmp_path / "missing")
    with pytest.raises(UsageError, match="cannot be read: Not a directory"):
        find_submissions(tmp_path / "README.md")


# Bytes at random.


def received_or_refused(data: bytes, ending: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"alice.{ending}"
        path.write_bytes(data)
        with contextlib.suppress(SubmissionError):
            submission = receive(path, "metrics")
            ast.parse(source_of(submission, "metrics"))


def example_archive(pack: Callable[[Path, Files], Path]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = pack(Path(folder) / "a", {"hw/metrics.py": CODE, "hw/é.csv": b"1" * 50, f"hw/{'d' * 120}.csv": b"2"})
        return path.read_bytes()


SEEDS = {
    "zip": example_archive(as_zip),
    "tar": example_archive(as_tar),
    "tgz": example_archive(as_gnu_tgz),
    "ipynb": NOTEBOOK,
    "py": b"# coding: latin-1\nx = '''\xe9'''\n",
}


@settings(max_examples=100 * FUZZ, deadline=None)
@given(st.binary(max_size=600), st.sampled_from(sorted(SEEDS)))
@example(bz2.compress(CODE), "tgz")
def test_random_bytes_are_received_or_refused(data, ending):
    received_or_refused(data, ending)


@settings(max_examples=200 * FUZZ, deadline=None)
@given(
    st.sampled_from(sorted(SEEDS)),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=4)), min_size=1, max_size=4),
    st.floats(0.5, 1),
)
def test_damaged_submissions_are_received_or_refused(ending, edits, kept):
    data = bytearray(SEEDS[ending])
    for place, replacement in edits:
        start = int(place * len(data))
        data[start : start + len(replacement)] = replacement
    received_or_refused(bytes(data[: int(len(data) * kept)]), ending)


HEADERS = (
    rb"""\n \r \r\n # coding : = \t \x0c latin-1 utf-8 utf-7 \\ \xef\xbb\xbf \xe9 x ' -*- \n# \xc3\xa9 \x1a \x85"""
)
PIECES = [b" ", b"# coding: latin-1", *(piece.decode("unicode_escape").encode("latin-1") for piece in HEADERS.split())]


@settings(max_examples=200 * FUZZ, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=8),
    st.sampled_from([b"", b"\nx = '\xc3\xa9'\n", b"\rx = '+AGE-'\r"]),
)
@example([b"\r", b"# coding: latin-1"], b"\nx = '\xc3\xa9'\n")
def test_the_judge_and_python_never_read_a_source_differently(head, body):
    code = b"".join(head) + body + b"\ny = 1\n"
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(SubmissionError):
        text = source_of(received(Path(folder), code), "metrics")
        assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(code))
