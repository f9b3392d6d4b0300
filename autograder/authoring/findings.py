"""What an audit found out about an exercise: a record that is printed, or written as JSON."""

import msgspec

__all__ = ["Audit", "Generated", "Margin", "MutantFound", "Survivor", "TestCode"]


class _Record(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the records."""


class TestCode(_Record, frozen=True, kw_only=True):
    """A hidden test, and its short name in the tables."""

    __test__ = False  # not a test of pytest's, whatever its name says

    code: str
    """The task and the test's place in it: `2.1`."""
    id: str
    title: str


class Margin(_Record, frozen=True, kw_only=True):
    """An error in allowances, and where it was made."""

    error: float
    """The worst error of a comparison over what was allowed for it; 1 is the border between right and wrong."""
    answer: str
    """Whose: a variant or a mutant."""
    test: str
    attempt: int


class MutantFound(_Record, frozen=True, kw_only=True):
    """A mutant, and what caught it."""

    name: str
    caught_by: tuple[str, ...]
    """Every test that it fails, on every attempt that it was graded on."""
    margin: Margin | None
    """Its greatest error; None where no test failed for an error that has a size. `error` is None in JSON where
    nothing was allowed."""


class Survivor(_Record, frozen=True, kw_only=True):
    """A generated mutant that every test passes."""

    id: str
    function: str
    """Dotted name of the function that was changed; empty at the top of the module."""
    change: str
    """What was changed, in a few words."""
    diff: str


class Generated(_Record, frozen=True, kw_only=True):
    """What became of the generated mutants."""

    made: int
    killed: int
    equivalent: int
    """Those that survive, and are known to be no mistakes."""
    survivors: tuple[Survivor, ...]

    @property
    def score(self) -> float:
        """The share that was killed, of those that are mistakes."""
        mistakes = self.made - self.equivalent
        return self.killed / mistakes if mistakes else 1.0


class Audit(_Record, frozen=True, kw_only=True):
    """What an audit found out about one exercise."""

    slug: str
    title: str
    seeds: int
    """How many attempts the reference and the variants were graded on."""
    holes: tuple[str, ...]
    """What is wrong with the exercise, each with the file and what to do: a sentence or two. None: it is sound."""
    tests: tuple[TestCode, ...] = ()
    mutants: tuple[MutantFound, ...] = ()
    nearest: Margin | None = None
    """The mutant whose greatest error is least: how far wrong answers are outside the tolerance."""
    farthest: Margin | None = None
    """The greatest error of a variant: how far right answers are inside it."""
    not_installed: tuple[str, ...] = ()
    """Runtimes that the exercise is open to and that are not there, so that nothing in them was graded."""
    generated: Generated | None = None
    """None where no mutants were generated."""
