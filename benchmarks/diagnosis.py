"""Print how often a wrong answer is told what its mistake is: `python benchmarks/diagnosis.py [SLUG …]`.

Known mistakes are graded as they are, and then in the unusual right answers, wherever the lines of the mistake occur
there word for word. A submission is told right when a test names its own mistake, or one with the same hint; told wrong
when tests name only others.
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
from autograder.authoring.mutants import Mutant, load_mutants  # noqa: E402
from autograder.grading import confined_pool  # noqa: E402
from autograder.result import Result, Status  # noqa: E402
from autograder.submission import Submission, receive  # noqa: E402

SECRET = b"the secret of a course for benchmarks"


def right_answers(assignment: Assignment) -> Iterator[Submission]:
    """Yield the reference and every variant."""
    yield receive(assignment.reference, assignment.module, "right: reference")
    for path in sorted((assignment.reference.parent / "variants").iterdir()):
        if path.is_dir():
            yield receive(path, assignment.module, f"right: {path.name}")


def wrong_answers(assignment: Assignment, mutants: list[Mutant]) -> Iterator[Submission]:
    """Yield every known mistake, and each made in a variant that holds the lines that it changes."""
    name = f"{assignment.module}.py"
    _, *variants = right_answers(assignment)
    for mutant in mutants:
        yield Submission(student=f"{mutant.name}: as known", files={name: mutant.source.encode()}, digest=mutant.name)
        for variant in variants:
            source = variant.files[name].decode()
            for find, replace in mutant.edits:
                source = source.replace(find, replace) if source.count(find) == 1 else ""
            if source:
                files = {**variant.files, name: source.encode()}
                yield Submission(student=f"{mutant.name}: in {variant.student}", files=files, digest=mutant.name)


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


def main() -> None:
    """Grade everything, print what was told in each exercise, and list what was not told right."""
    known = [load(ROOT, slug) for slug in sys.argv[1:] or slugs(ROOT)]
    pool = confined_pool(known, SECRET, 2)
    table = Table(
        "exercise", "answers", "graded", "told right", "told wrong", "told of the value", "told nothing", "passed"
    )
    notes = []
    try:
        for assignment in known:
            mutants = {mutant.name: mutant for mutant in load_mutants(ROOT, assignment.slug)}
            counts: dict[str, Counter[str]] = {"as known": Counter(), "in variants": Counter(), "right ones": Counter()}
            jobs = [*right_answers(assignment), *wrong_answers(assignment, list(mutants.values()))]
            for result in pool.grade_many(Job(assignment, submission, 1) for submission in jobs):
                student = result.submission.student
                told = any(test.cause or test.mistake for test in result.tests)
                if student.startswith("right:"):
                    counts["right ones"]["wrong" if told else "passed"] += 1
                    continue
                found = verdict(result, mutants)
                counts["as known" if student.endswith("as known") else "in variants"][found] += 1
                if found not in ("right", "passed"):
                    others = sorted({test.mistake or test.cause for test in result.tests} - {""})
                    notes.append(f"{assignment.slug}, {student}: {found} {', '.join(others)}")
            for kind, count in counts.items():
                shown = [count[key] for key in ("right", "wrong", "value", "nothing", "passed")]
                table.add_row(assignment.slug, kind, *map(str, (count.total(), *shown)))
    finally:
        pool.close()
    Console(width=120).print(table)
    print(*sorted(notes), sep="\n")


if __name__ == "__main__":
    main()
