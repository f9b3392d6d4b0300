"""What a pull request hands in: the exercises whose folders it changes, with their files.

Exercises lie in folders named after them at the top of a student's repository, as `grade.py release --github` lays them
out.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import GIVEN
from autograder.container import Contents, read, shown
from autograder.errors import SubmissionError
from autograder.github.git import Entry, Repository
from autograder.report.text import counted

__all__ = ["Changes", "in_archive", "in_branch"]

_NAMED = 3
_CHANGED = "changed.txt"


@dataclass(frozen=True)
class Changes:
    """What is to be graded of a pull request, and what is passed over."""

    files: Mapping[str, Mapping[str, bytes]]
    """By slug: the exercise's files, relative path to content."""
    refused: Mapping[str, str]
    """By slug: why there is nothing to grade in it, in a sentence."""
    notes: tuple[str, ...] = ()
    """What was passed over, in sentences."""
    changed: frozenset[str] = frozenset()
    """The paths that the pull request changes, with their folders; empty where they are not known."""

    def answer(self, slug: str, module: str) -> dict[str, bytes]:
        """Return an exercise's files without the form of the answer that was left as it was.

        An exercise comes as a module and as a notebook. Whoever fills the notebook leaves the module a stub, and that
        is not their answer. Where both are changed both stay, and the module counts.
        """
        files = dict(self.files[slug])
        main = f"{module}.py"
        notebooks = {name for name in files if name.lower().endswith(".ipynb")}
        untouched = {name for name in (main, *notebooks) if f"{slug}/{name}" not in self.changed}
        if notebooks - untouched:
            passed_over = untouched
        else:
            passed_over = untouched & notebooks if self.changed and main in files else set()
        return {name: data for name, data in files.items() if name not in passed_over}


def in_branch(repository: Repository, base: str, head: str, slugs: Collection[str]) -> Changes:
    """Return what the branch `head` changes since it left `base`, with each exercise's files as they are in `head`.

    Raises:
        UsageError: one of the refs is no commit there, or they have no history in common.
    """
    newest = repository.commit(head)
    changed = repository.changed(repository.merge_base(repository.commit(base), newest), newest)
    answered = sorted({path.partition("/")[0] for path in changed if path in slugs or _is_answer(path, slugs)})
    files: dict[str, dict[str, bytes]] = {}
    refused, gone = {}, []
    for slug in answered:
        entries = [entry for entry in repository.entries(newest, slug) if not _is_given(entry.path)]
        if not entries:
            gone.append(slug)
            continue
        try:
            files[slug] = _read(repository, slug, entries)
        except SubmissionError as error:
            refused[slug] = str(error)
    return Changes(files, refused, (*_gone(gone), *_notes(changed, slugs)), frozenset(changed))


def _read(repository: Repository, slug: str, entries: Sequence[Entry]) -> dict[str, bytes]:
    """Read the files of one exercise.

    Raises:
        SubmissionError: it is no folder, one of them is no plain file, or they are too large.
    """
    if not entries[0].path:
        raise _no_folder(slug, f"is a {entries[0].kind}")
    special = next((entry for entry in entries if not entry.is_plain or not entry.path.isprintable()), None)
    if special is not None:
        what = "a name that is not text" if special.is_plain else f"a {special.kind}"
        raise SubmissionError(
            f"`{shown(f'{slug}/{special.path}')}` is {what}, and only plain files are read. "
            "Put the file itself in its place, under a plain name, and push again."
        )
    contents = repository.read(entries)
    return {entry.path: data for entry, data in zip(entries, contents, strict=True)}


def in_archive(path: Path, slugs: Collection[str]) -> Changes:
    """Return what lies in an archive that a workflow packed: a folder for each exercise that the pull request changes.

    A file changed.txt beside them lists the changed paths, each ended by a NUL: from it come the notes, and which form
    of an answer counts. Whoever opened the pull request may change that workflow, and with it only what is theirs.

    What cannot be read is nothing to grade, and the notes say why.
    """
    contents = Contents()
    try:
        read(path, "", contents)
    except SubmissionError as error:
        return Changes({}, {}, (str(error),))
    by_slug: dict[str, dict[str, bytes]] = {}
    for name, data in contents.files.items():
        slug, _, inner = name.partition("/")
        if _is_answer(name, slugs):
            by_slug.setdefault(slug, {})[inner] = data
    changed = [path for path in contents.files.get(_CHANGED, b"").decode("utf-8", "replace").split("\0") if path]
    replaced = {path for path in changed if path in slugs} - by_slug.keys()
    refused = {slug: str(_no_folder(slug, "is no folder any more")) for slug in sorted(replaced)}
    gone = {path.partition("/")[0] for path in changed if _is_answer(path, slugs)} - by_slug.keys() - replaced
    return Changes(by_slug, refused, (*_gone(sorted(gone)), *_notes(changed, slugs)), frozenset(changed))


def _no_folder(slug: str, what: str) -> SubmissionError:
    return SubmissionError(
        f"`{slug}` {what}, and an exercise is a folder of plain files. "
        "Put the folder back, with your answer in it, and push again."
    )


def _is_answer(path: str, slugs: Collection[str]) -> bool:
    slug, slash, inner = path.partition("/")
    return bool(slash) and slug in slugs and not _is_given(inner)


def _is_given(inner: str) -> bool:
    """Is it something that came with the exercise, whose changes change nothing?"""
    return inner in GIVEN


def _gone(slugs: Sequence[str]) -> Iterator[str]:
    for slug in slugs:
        yield f"`{slug}/` holds no answer any more: there is nothing to grade in it."


def _notes(paths: Sequence[str], slugs: Collection[str]) -> tuple[str, ...]:
    """Say what is passed over, workflows and tests above all."""
    workflows, given, elsewhere = [], [], []
    for path in paths:
        if path.startswith((".github/", ".gitlab")):
            workflows.append(path)
        elif path.partition("/")[0] not in slugs:
            elsewhere.append(path)
        elif path not in slugs and not _is_answer(path, slugs):
            given.append(path)
    kinds = {
        "of the workflows, where the course's own are used": workflows,
        "of what exercises came with, where the course's own is used": given,
        "outside the exercises": elsewhere,
    }
    return tuple(
        f"Passed over: {counted(len(found), 'change')} {kind} ({_named(found)})."
        for kind, found in kinds.items()
        if found
    )


def _named(paths: Sequence[str]) -> str:
    names = ", ".join(f"`{shown(path)}`" for path in paths[:_NAMED])
    return f"{names} and {len(paths) - _NAMED} more" if len(paths) > _NAMED else names
