"""Print how often a wrong answer is told what its mistake is: `python benchmarks/diagnosis.py [SLUG …]`.

Known mistakes are graded as they are; in the unusual right answers, wherever the lines of the mistake occur there word
for word; and in programs that others wrote (tests/paraphrased), each named after the mistake that it makes. A
submission is told right when a test names its own mistake, or one with the same hint; told wrong when tests name only
others. An exercise that is open to other frameworks has a row for each that is installed in AUTOGRADER_RUNTIMES.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from autograder.assemble import Job  # noqa: E402 (the line above finds it)
from autograder.assignment import Assignment, load, slugs  # noqa: E402
from autograder.authoring.mutants import Mutant, mutants_of  # noqa: E402
from autograder.authoring.parts import answers_of, variants_of  # noqa: E402
from autograder.grading import Pool, confined_pool  # noqa: E402
from autograder.result import Result, Status  # noqa: E402
from autograder.sandbox import runtime  # noqa: E402
from autograder.sandbox.home import is_installed, runtimes_folder  # noqa: E402
from autograder.submission import Submission, receive  # noqa: E402

PARAPHRASED = ROOT / "tests/paraphrased"
SECRET = b"the secret of a course for benchmarks"


def answers(assignment: Assignment, folder: Path) -> dict[str, Path]:
    """Return the right answer in each runtime that is installed, by what its rows are called."""
    if runtime.OWN in assignment.runtimes:
        return {assignment.slug: assignment.reference}
    found = answers_of(assignment)
    here = [name for name in found if is_installed(runtime.find(name), folder)]
    return {f"{assignment.slug}, {name}": found[name] for name in here}


def right_answers(assignment: Assignment, answer: Path) -> Iterator[Submission]:
    """Yield the right answer, every variant, and what another hand wrote without a mistake."""
    yield receive(answer, assignment.module, "right: answer")
    yield from variants(assignment, answer)
    yield from paraphrases(assignment, "right")


def variants(assignment: Assignment, answer: Path) -> Iterator[Submission]:
    """Yield the unusual right answers."""
    for path in variants_of(answer):
        yield receive(path, assignment.module, f"right: {path.name}")


def paraphrases(assignment: Assignment, name: str = "") -> Iterator[Submission]:
    """Yield what others wrote: of this name, or everything that is wrong."""
    for path in sorted((PARAPHRASED / assignment.slug).glob("*.py")):
        if path.stem == name or (not name and path.stem != "right"):
            files = {f"{assignment.module}.py": path.read_bytes()}
            yield Submission(student=f"{path.stem}: paraphrased", files=files, digest=path.stem)


def wrong_answers(assignment: Assignment, answer: Path, mutants: list[Mutant]) -> Iterator[Submission]:
    """Yield every known mistake, as it is, in the variants that hold the lines that it changes, and paraphrased."""
    name = f"{assignment.module}.py"
    for mutant in mutants:
        yield Submission(student=f"{mutant.name}: as known", files={name: mutant.source.encode()}, digest=mutant.name)
        for variant in variants(assignment, answer):
            source = variant.files[name].decode()
            for find, replace in mutant.edits:
                source = source.replace(find, replace) if source.count(find) == 1 else ""
            if source:
                files = {**variant.files, name: source.encode()}
                yield Submission(student=f"{mutant.name}: in {variant.student}", files=files, digest=mutant.name)
        yield from paraphrases(assignment, mutant.name)


def verdict(result: Result, mutants: dict[str, Mutant]) -> str:
    """Say whether a submission was told right, told wrong, told a cause of its value alone, or nothing."""
    if all(test.status is Status.PASSED for test in result.tests):
        return "passed"
    own = mutants[result.submission.student.partition(":")[0]]
    named = [mutants[test.mistake] for test in result.tests if test.mistake]
    if any(mutant.name == own.name or mutant.hint == own.hint for mutant in named):
        return "right"
    if named:
        return "wrong"
    return "value" if any(test.cause for test in result.tests) else "nothing"


def kind(result: Result) -> str:
    """Return which row of the table a submission belongs to."""
    name, _, how = result.submission.student.partition(": ")
    if name == "right":
        return "right ones"
    return how if how in ("as known", "paraphrased") else "in variants"


def told_of(pool: Pool, assignment: Assignment, answer: Path) -> tuple[dict[str, Counter[str]], list[str]]:
    """Grade all that is beside a right answer; return what was told how often, and a line for each not told right."""
    mutants = {mutant.name: mutant for mutant in mutants_of(answer)}
    counts = {how: Counter[str]() for how in ("as known", "in variants", "paraphrased", "right ones")}
    notes = []
    jobs = [*right_answers(assignment, answer), *wrong_answers(assignment, answer, list(mutants.values()))]
    for result in pool.grade_many(Job(assignment, submission, 1) for submission in jobs):
        found = "wrong" if kind(result) == "right ones" else verdict(result, mutants)
        if all(test.status is Status.PASSED for test in result.tests) and not _told(result):
            found = "passed"
        counts[kind(result)][found] += 1
        if found not in ("right", "passed"):
            notes.append(f"{result.submission.student}: {found} {', '.join(_told(result))}")
    return counts, notes


def main() -> None:
    """Grade everything, print what was told in each exercise, and list what was not told right."""
    exercises = [load(ROOT, slug) for slug in sys.argv[1:] or slugs(ROOT)]
    folder = runtimes_folder(ROOT / ".autograder")
    pool = confined_pool(exercises, SECRET, 2, runtimes=folder)
    told = ("right", "wrong", "value", "nothing", "passed")
    table = Table("exercise", "answers", "graded", *(f"told {word}" for word in told[:2]), "of the value", *told[3:])
    notes = []
    try:
        for assignment in exercises:
            for row, answer in answers(assignment, folder).items():
                counts, found = told_of(pool, assignment, answer)
                notes += [f"{row}, {note}" for note in found]
                for how, count in counts.items():
                    table.add_row(row, how, *map(str, (count.total(), *(count[word] for word in told))))
    finally:
        pool.close()
    Console(width=120).print(table)
    print(*sorted(notes), sep="\n")


def _told(result: Result) -> list[str]:
    return sorted({test.mistake or test.cause for test in result.tests} - {""})


if __name__ == "__main__":
    main()
