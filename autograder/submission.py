"""What a student handed in (a folder, file, archive or notebook) becomes a `Submission`: plain names and bytes.

Whatever the container, the same files give the same `Submission` and the same digest. Nothing is executed.
"""

import codecs
import difflib
import hashlib
import importlib.util
import io
import itertools
import os
import tokenize
import unicodedata
from collections.abc import Collection
from pathlib import Path

import msgspec

from autograder.container import (
    ARCHIVES,
    BIDIRECTIONAL,
    LIMITS,
    MIB,
    UNSHOWABLE,
    Contents,
    IntakeLimits,
    damaged,
    read,
    shown,
    too_many,
    why_ignored,
)
from autograder.errors import SubmissionError, SubmissionUnreadable, UsageError
from autograder.notebook import module_source, written_files
from autograder.parsing import parse_source

__all__ = ["LIMITS", "IntakeLimits", "Submission", "find_submissions", "receive", "source_of", "student_at"]

_ENCODINGS = {"utf-8", "utf-8-sig", "ascii", "iso8859-1"}
_ABOUT_THE_CLASS = {".md", ".txt", ".csv", ".json", ".toml", ".html", ".pdf"}


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """What a student handed in, as it is graded."""

    student: str
    files: dict[str, bytes]
    """Relative POSIX path to content, sorted by path; the module is `<module>.py`."""
    notes: tuple[str, ...] = ()
    """What was noticed or ignored, in sentences for the report."""
    digest: str
    """SHA-256 over names and contents, whatever their order, their times and the container they came in."""


def receive(path: Path, module: str, student: str | None = None, *, passed_over: Collection[str] = ()) -> Submission:
    """Read what was handed in at `path`, once, and return it as it is to be graded.

    Args:
        path: a folder, a .py file, a .zip, .tar, .tar.gz or .tgz archive, or an .ipynb notebook.
        module: the name of the module that the assignment asks for, without `.py`.
        student: who handed it in; the name of the folder, or of the file without its ending, when not given.
        passed_over: paths that are left out without a note, such as `conftest.py`: what students were given.

    Raises:
        SubmissionError: it cannot be graded; the message says what was found, why that is refused, and what to do.
    """
    contents = Contents(passed_over)
    target = f"{module}.py"
    try:
        read(path, target, contents)
    except OSError as error:
        raise SubmissionUnreadable(
            f"`{shown(path.name)}` cannot be read: {error.strerror or 'it is damaged'}. "
            "Check that it exists, is not being changed, and may be read; then grade it again."
        ) from None
    notes = contents.notes + contents.notes_on_ignored()
    files = _without_course_files(_unwrapped(contents.files, target), notes)
    files = dict(sorted(_choose_module(files, target, notes).items()))
    _refuse_conflicts(files, module)
    source = _decoded(files[target], target)
    if not source.strip():
        raise SubmissionError(
            f"`{target}` is empty: there is nothing to grade. Save your work in it, and hand in again."
        )
    parse_source(source, f"`{target}`")
    notes += _notes_on_text(files)
    return Submission(student=student or student_at(path), files=files, notes=tuple(notes), digest=_digest(files))


def find_submissions(folder: Path) -> list[tuple[str, Path]]:
    """Return the student and path of each submission in the folder of a class, sorted by student.

    Each folder, .py file, archive and notebook is one. Hidden entries, settings of Python tools, and files that speak
    about the class (README.md, roster.csv, course.toml) are passed over. Any other file counts as a submission, so that
    `receive` can say what is wrong with it and nobody is lost.

    Raises:
        UsageError: no such folder, no submission in it, or two entries for one student.
    """
    try:
        children = sorted(folder.iterdir())
    except OSError as error:
        raise UsageError(
            f"The folder `{folder}` cannot be read: {error.strerror}. "
            "Name the folder that holds the class's submissions."
        ) from None
    found: dict[str, tuple[str, Path]] = {}
    for child in children:
        is_folder = child.is_dir() and not child.is_symlink()
        if why_ignored(child.name) is not None or (not is_folder and child.suffix.lower() in _ABOUT_THE_CLASS):
            continue
        student = student_at(child)
        _, other = found.setdefault(student.casefold(), (student, child))
        if other != child:
            raise UsageError(
                f"`{shown(other.name)}` and `{shown(child.name)}` are both from student `{shown(student)}`, and only "
                "one can be graded. Move one of them out of the folder."
            )
    if not found:
        raise UsageError(
            f"The folder `{folder}` holds no submission. "
            "Put one folder, .py file, archive or notebook for each student in it."
        )
    return sorted(found.values())


def source_of(submission: Submission, module: str) -> str:
    r"""Return the source of a module of the submission as Python reads it (PEP 263), with `\n` at the ends of lines.

    Raises:
        SubmissionError: there is no such file, or Python and the judge could read it differently.
    """
    name = f"{module}.py"
    if name not in submission.files:
        raise SubmissionError(f"The submission has no `{name}`. Add the file, and hand in again.")
    return _decoded(submission.files[name], name)


def _decoded(data: bytes, name: str) -> str:
    """Return the text of a source file as Python reads it; see `source_of`."""
    again = "Save it as UTF-8 without a coding comment, and hand in again."
    # Python ends lines at a lone carriage return before it looks for a coding comment; detect_encoding does not.
    data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data:
        raise SubmissionError(f"`{name}` is not a text that Python reads: it is UTF-16 or holds NUL bytes. {again}")
    try:
        encoding = codecs.lookup(tokenize.detect_encoding(io.BytesIO(data).readline)[0]).name
        if encoding in _ENCODINGS:
            return importlib.util.decode_source(data)
    except (SyntaxError, UnicodeDecodeError):
        raise SubmissionError(
            f"`{name}` is not text in the encoding that it declares (UTF-8 if none). {again}"
        ) from None
    raise SubmissionError(f"`{name}` declares the encoding {encoding}; only UTF-8, ASCII and Latin-1 are read. {again}")


def student_at(path: Path) -> str:
    """Return who handed in what lies at `path`: its name without the ending."""
    name = Path(os.path.abspath(path)).name
    if not path.is_dir():
        ending = next((e for e in (".py", ".ipynb", *ARCHIVES) if name.lower().endswith(e)), Path(name).suffix)
        name = name[: len(name) - len(ending)]
    return UNSHOWABLE.sub("\N{REPLACEMENT CHARACTER}", unicodedata.normalize("NFC", name))


# The choice of the module among the files.


def _unwrapped(files: dict[str, bytes], target: str) -> dict[str, bytes]:
    """Take away the single folder, or nest of folders, that tools for archives put around everything."""
    while target not in files:
        tops = {path.partition("/")[0] for path in files}
        if len(tops) != 1 or any("/" not in path for path in files):
            break
        prefix = f"{tops.pop()}/"
        files = {path.removeprefix(prefix): data for path, data in files.items()}
    return files


def _without_course_files(files: dict[str, bytes], notes: list[str]) -> dict[str, bytes]:
    """Leave out a starter kit's tests, and the path files of a Python installation."""
    left_out = {}
    for folder in ("tests/", "test/"):
        inside = [path for path in files if path.startswith(folder)]
        scripts = {path.rpartition("/")[2] for path in inside if path.endswith(".py")}
        tests = {name for name in scripts if name.startswith("test_") or name.endswith("_test.py")}
        if tests and scripts <= tests | {"__init__.py"}:
            left_out.update(dict.fromkeys(inside))
            notes.append(f"`{folder}` was left out: the course's own tests are the ones that are run.")
    for path, data in files.items():
        if path.endswith(".pth") and "/" not in path and _is_text(data):  # PyTorch's weights have this ending too
            left_out[path] = None
            notes.append(f"`{shown(path)}` was left out: it is text, and so not weights but Python's list of folders.")
    return {path: data for path, data in files.items() if path not in left_out}


def _is_text(data: bytes) -> bool:
    try:
        return "\0" not in data.decode()
    except UnicodeDecodeError:
        return False


def _choose_module(files: dict[str, bytes], target: str, notes: list[str]) -> dict[str, bytes]:
    """Return the files with the module among them and without notebooks, whose outputs nobody is to see."""
    notebooks = sorted(path for path in files if path.lower().endswith(".ipynb"))
    kept = {path: data for path, data in files.items() if path not in notebooks}
    graded = target
    if target not in kept:
        top = [path for path in notebooks if "/" not in path]
        named = [path for path in top if path == f"{target.removesuffix('.py')}.ipynb"] or top
        if len(named) != 1:
            raise _no_module(kept, notebooks, target)
        graded = named[0]
        source, more = module_source(files[graded], shown(graded))
        kept[target] = source.encode()
        if len(kept[target]) > LIMITS.source_bytes:
            raise too_many(f"more than {LIMITS.source_bytes // MIB} MiB of code in `{shown(graded)}`")
        notes += more
        kept |= _written(files[graded], graded, kept, notes)
        notebooks.remove(graded)
    if notebooks:
        others = f"{len(notebooks)} notebooks were" if len(notebooks) > 1 else f"`{shown(notebooks[0])}` was"
        notes.append(f"{others} left out: `{shown(graded)}` is what is graded.")
    return kept


def _written(notebook: bytes, name: str, files: dict[str, bytes], notes: list[str]) -> dict[str, bytes]:
    """Return the files that cells of a notebook write, but not over what was handed in, nor what is never graded."""
    contents = Contents()
    for path, data in written_files(notebook, shown(name)).items():
        if path not in files and contents.wants(path) is not None:
            contents.keep(path, data)
            notes.append(f"`{path}` is what a cell of `{shown(name)}` writes with `%%writefile`.")
    return contents.files


def _no_module(files: dict[str, bytes], notebooks: list[str], target: str) -> SubmissionError:
    """Say that the module is missing, and what is nearest to it."""
    missing = f"The submission has no `{target}`, which is the file that is graded"
    deeper = next((path for path in files if path.endswith(f"/{target}")), "")
    scripts = [path for path in files if path.endswith(".py") and "/" not in path]
    archive = next((path for path in files if path.lower().endswith(ARCHIVES)), "")
    if not files and not notebooks:
        return SubmissionError(
            f"The submission is empty: nothing in it can be graded. Put `{target}` in it, and hand in again."
        )
    if deeper:
        return SubmissionError(f"{missing}: found `{shown(deeper)}`; move it to the top, and hand in again.")
    if len(notebooks) > 1:
        return SubmissionError(
            f"{missing}, and {len(notebooks)} notebooks, so it is not clear which one is meant. "
            f"Hand in one, or name it `{target.removesuffix('.py')}.ipynb`."
        )
    if scripts:
        near = difflib.get_close_matches(target, scripts, n=1, cutoff=0)[0]
        return SubmissionError(f"{missing}: found `{shown(near)}`; rename it to `{target}`, and hand in again.")
    if archive:
        return SubmissionError(f"{missing}: found `{shown(archive)}` inside; unpack it, and hand in what is in it.")
    return SubmissionError(f"{missing}. Add it, or one notebook, and hand in again.")


def _refuse_conflicts(files: dict[str, bytes], module: str) -> None:
    """Refuse files that cannot stand side by side, and a package that Python would import in place of the module."""
    folders = {parent for path in files for parent in itertools.accumulate(path.split("/")[:-1], "{}/{}".format)}
    for path in files:
        if path in folders:
            raise damaged("submitted", f"`{shown(path)}` is both a file and a folder in it")
    if f"{module}/__init__.py" in files:
        raise SubmissionError(
            f"The submission has both `{module}.py` and a package `{module}/`, and Python would import the package. "
            "Rename the folder, and hand in again."
        )


def _notes_on_text(files: dict[str, bytes]) -> list[str]:
    """Point staff to text that does not read as it runs."""
    notes = []
    for path, data in files.items():
        if not path.endswith(".py"):
            continue
        try:
            lines = _decoded(data, path).split("\n")
        except SubmissionError:
            notes.append(
                f"`{shown(path)}` is not text in an encoding that is read here; an editor may show it wrongly."
            )
            continue
        number = next((number for number, line in enumerate(lines, 1) if BIDIRECTIONAL.search(line)), None)
        if number is not None:
            notes.append(
                f"`{shown(path)}` reorders text with bidirectional control characters, first on line {number}."
            )
    return notes


def _digest(files: dict[str, bytes]) -> str:
    """Return the SHA-256 of sorted files, with each length written before what it measures."""
    digest = hashlib.sha256()
    for path, data in files.items():
        for part in (path.encode(), data):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()
