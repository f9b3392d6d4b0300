"""Reports as web pages: one for the class, one for each student; `pages` makes them, `write` puts them in a folder.

Each page is complete in itself and asks for nothing from elsewhere. Every string that a template puts out goes through
`visible` and is then escaped, whoever wrote it.
"""

import base64
import functools
import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2
from markupsafe import Markup

from autograder.errors import GraderError
from autograder.files import replace_file
from autograder.report import charts, text
from autograder.report.summary import NONE_KNOWN, AssignmentSummary, Misconceptions, by_student, summaries
from autograder.result import Curve, Result, Status, TestResult, for_student

__all__ = ["page_names", "pages", "student_page", "write"]

_TEMPLATES = Path(__file__).parent / "templates"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

# Names that Windows keeps for devices, with any extension.
_RESERVED = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]", re.IGNORECASE)
_DIGEST_AT_END = re.compile(r"-[0-9a-f]{12}", re.IGNORECASE)
_LONGEST_NAME = 60


def pages(results: Sequence[Result], misconceptions: Misconceptions = NONE_KNOWN) -> dict[str, str]:
    """Return each page by its path: `index.html` for staff, and `students/<name>.html` for each student.

    Every result is a row of its own, also where a student has several attempts: pass those that count. The same results
    give the same pages, in whatever order they come. A student's page holds that student's results only, and nothing of
    them that is for staff.
    """
    students = by_student(results)
    names = page_names(students)
    links = {student: f"students/{name}.html" for student, name in names.items()}
    written = {links[student]: student_page(student, theirs) for student, theirs in students.items()}
    return {**written, "index.html": _class_page(results, links, misconceptions)}


def write(results: Sequence[Result], folder: Path, misconceptions: Misconceptions = NONE_KNOWN) -> Path:
    """Write the pages into `folder`, each at once and whole, `index.html` last; return the path of `index.html`.

    Files of an earlier report are replaced where they have the same name, and left alone where they have not.

    Raises:
        GraderError: a page could not be written.
    """
    for name, page in pages(results, misconceptions).items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, page.encode("utf-8"))
        except OSError as error:
            raise GraderError(
                f"The report was not written: {path}: {error.strerror or error}. "
                "The folder may be full, or not yours to write to. "
                "Choose another folder, or make room, and ask for the report again."
            ) from error
    return folder / "index.html"


def page_names(students: Collection[str]) -> dict[str, str]:
    """Give each student a file name, without extension, that every file system takes.

    A name keeps its ASCII letters and digits. Where that is not enough, or could be made to meet somebody else's, the
    beginning of its digest follows: no two students share a page, and the order of the class changes no name.
    """
    stems = {student: _stem(student) for student in students}
    counts = Counter(stem.casefold() for stem in stems.values())
    return {
        student: stem if stem and counts[stem.casefold()] == 1 and not _needs_digest(stem) else _digested(student, stem)
        for student, stem in stems.items()
    }


def _stem(student: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", student).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^A-Za-z0-9_]+", "-", ascii_only).strip("-")


def _needs_digest(stem: str) -> bool:
    # A name that ends as a digest does could have been chosen to meet that of somebody else.
    return bool(len(stem) > _LONGEST_NAME or _RESERVED.fullmatch(stem) or _DIGEST_AT_END.search(stem))


def _digested(student: str, stem: str) -> str:
    digest = hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{stem[:_LONGEST_NAME] or 'student'}-{digest[:12]}"


@dataclass(frozen=True)
class _StudentAssignment:
    """What a student's page shows of one result."""

    result: Result
    charts_of: dict[str, tuple[charts.Chart, ...]]
    """By the id of the test that recorded them."""
    other_charts: tuple[charts.Chart, ...]


def student_page(student: str, results: Sequence[Result]) -> str:
    """Return a student's page: these results, and nothing of them that is for staff."""
    return (
        _templates()
        .get_template("student.html.j2")
        .render(
            student=student,
            assignments=[_student_assignment(result) for result in results],
            policy=_POLICY,
        )
    )


def _student_assignment(result: Result) -> _StudentAssignment:
    by_test: defaultdict[str, list[Curve]] = defaultdict(list)
    for curve in result.curves:
        by_test[curve.test].append(curve)
    drawn = {test: charts.charts(theirs) for test, theirs in by_test.items()}
    shown = {test.id for test in result.tests}
    others = tuple(chart for test, theirs in drawn.items() if test not in shown for chart in theirs)
    # What staff alone may see is taken away before a template could show it.
    return _StudentAssignment(for_student(result), drawn, others)


def _class_page(results: Sequence[Result], links: dict[str, str], misconceptions: Misconceptions) -> str:
    script = _templates().get_template("class.js").render()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    return (
        _templates()
        .get_template("index.html.j2")
        .render(
            summaries=summaries(results, misconceptions),
            links=links,
            script=Markup(script),
            policy=f"{_POLICY}; script-src 'sha256-{digest}'",
        )
    )


def _numbers(summary: AssignmentSummary) -> Iterator[tuple[str, str]]:
    """Give what stands above a class, with what is zero and would only worry left out."""
    yield "submissions", str(len(summary.results))
    yield "mean", summary.mean
    yield "median", summary.median
    yield "full marks", str(summary.full_marks)
    if summary.not_graded:
        yield text.NOT_GRADED, str(summary.not_graded)
    if summary.not_loaded:
        yield "not loaded", str(summary.not_loaded)


def _not_passed(summary: AssignmentSummary, result: Result) -> list[tuple[str, TestResult]]:
    pairs = zip(summary.tests, summary.row(result), strict=True)
    return [(column.code, test) for column, test in pairs if test and test.status is not Status.PASSED]


def _ended(summary: AssignmentSummary, result: Result) -> str:
    """Write how each test of the assignment ended, for the script of the page: statuses in the order of the tests."""
    return " ".join(test.status if test else "none" for test in summary.row(result))


def _mistaken(summary: AssignmentSummary, result: Result) -> str:
    """Write which known mistakes a submission makes, for the script of the page: their places among all of them."""
    made = {test.mistake for test in result.tests}
    return " ".join(str(place) for place, mistake in enumerate(summary.mistakes) if mistake.name in made)


def _statuses(summary: AssignmentSummary) -> list[Status]:
    """Return the statuses that occur in a class, but that of a passed test."""
    counts = sum((test.counts for test in summary.tests), Counter[Status]())
    return [status for status in Status if counts[status] and status is not Status.PASSED]


def _percent(part: float | None, whole: float) -> str:
    share = part / whole if part is not None and whole else 0.0
    return f"{min(max(share, 0.0), 1.0) * 100:.1f}"


def _shown(value: object) -> object:
    """Make what a template puts out visible; escaping follows. Markup is our own, and made of such text already."""
    return text.visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@functools.cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        CHART={"height": charts.HEIGHT, "top": charts.TOP, "bottom": charts.BOTTOM},
        MARKS=text.MARKS,
        Status=Status,
        clipped=text.clipped,
        counted=text.counted,
        ended=_ended,
        flags=text.flags,
        meaning=text.meaning,
        mistaken=_mistaken,
        next_step=text.next_step,
        owed=text.owed,
        not_passed=_not_passed,
        numbers=_numbers,
        percent=_percent,
        score=text.score,
        shortened=text.shortened,
        statuses=_statuses,
        tally=text.tally,
        went_wrong=text.went_wrong,
    )
    return environment
