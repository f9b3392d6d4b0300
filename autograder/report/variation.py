"""Which tests do not end alike when a submission is graded again and again, with the same seed and with fresh ones."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from autograder.report.text import clipped, counted, one_line, visible
from autograder.result import Result, Status

__all__ = ["Observations", "Variation", "render_variations"]

_SAME = (
    "Same seed, and not the same outcome: something there draws numbers that no seed reaches (os.urandom, a clock, "
    "another generator), races, or comes near a limit. Seed it, have it wait, or raise the limit in assignment.toml; "
    "where only one student's code varies, it is theirs to mend."
)
_RIGHT = (
    "A right answer that fails on some inputs: the tolerance is too tight, or some inputs are outside what the handout "
    "promises. Loosen the one, or draw within the other."
)
_RARE = (
    "A submission that passes on some inputs and fails on others: if it is right, the tolerance is too tight; if it is "
    "wrong, the inputs that show it are rare. Put one of them into every draw, so that no attempt is lucky."
)


@dataclass(frozen=True)
class Variation:
    """A test that does not end alike on one submission."""

    who: str
    right: bool
    """Is it a right answer of the course's own: the reference, or a variant?"""
    test: str
    """The title, and the device where there are several."""
    same_seed: bool
    """Did it vary with the same seed? Else it did with fresh ones alone."""
    counts: Counter[Status]
    """How often it ended how: of the runs with the same seed, or of the seeds."""


@dataclass
class _Seen:
    who: str
    right: bool
    test: str
    same: Counter[Status] = field(default_factory=Counter)
    fresh: Counter[Status] = field(default_factory=Counter)


class Observations:
    """How each test ended on each submission, in every run."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str, str], _Seen] = {}
        self.submissions: set[tuple[str, str]] = set()
        """Student and digest of each submission that was seen."""

    @property
    def tests(self) -> int:
        """How many tests were seen."""
        return len({test for _, _, test in self._seen})

    def add(self, result: Result, *, right: bool, same_seed: bool) -> None:
        """Take in one run: with the submission's own seed, which all of `same_seed` share, or with a fresh one."""
        who, digest = result.submission.student, result.submission.digest
        self.submissions.add((who, digest))
        for test in result.tests:
            title = f"{test.title} [{test.device}]" if test.device else test.title
            seen = self._seen.setdefault((who, digest, test.id), _Seen(who, right, title))
            (seen.same if same_seed else seen.fresh)[test.status] += 1

    def variations(self) -> list[Variation]:
        """Return what varies, by test and submission; with fresh seeds only where it does not with the same one."""
        found = []
        for seen in self._seen.values():
            if len(seen.same) > 1:
                found.append(Variation(seen.who, seen.right, seen.test, True, seen.same))
            # All runs with the same seed are one seed among the others.
            elif len(seeds := Counter(seen.same.keys()) + seen.fresh) > 1:
                found.append(Variation(seen.who, seen.right, seen.test, False, seeds))
        return sorted(found, key=lambda one: (one.test, not one.right, one.who))


def render_variations(variations: Sequence[Variation]) -> RenderableType:
    """Show what varies, and say what to do about it; nothing where nothing does."""
    if not variations:
        return Group()
    return Group(_Table(variations), *(Text(sentence) for sentence in _advice(variations)), Text())


def _advice(variations: Sequence[Variation]) -> Iterator[str]:
    if any(one.same_seed for one in variations):
        yield _SAME
    if any(one.right and not one.same_seed for one in variations):
        yield _RIGHT
    if any(not one.right and not one.same_seed for one in variations):
        yield _RARE


@dataclass(frozen=True)
class _Table:
    variations: Sequence[Variation]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        def held(text: str) -> Text:
            return Text(visible(text).encode(options.encoding, "backslashreplace").decode(options.encoding))

        table = Table(box=box.SIMPLE_HEAD)
        table.add_column("test", ratio=1, min_width=16)
        table.add_column("submission", overflow="fold", max_width=30)
        table.add_column("seed", no_wrap=True)
        table.add_column("outcomes")
        for one in self.variations:
            of = counted(one.counts.total(), "run" if one.same_seed else "seed")
            outcomes = ", ".join(
                f"{status.value.replace('_', ' ')} {count}" for status, count in one.counts.most_common()
            )
            seed = "the same" if one.same_seed else "fresh"
            table.add_row(held(one_line(one.test)), held(clipped(one.who, 48)), seed, f"{outcomes} of {of}")
        yield table
