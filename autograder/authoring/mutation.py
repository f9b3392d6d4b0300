"""Generated mutants: the reference with one small change each, of the kinds that students make.

An operator is swapped, a term dropped, an axis changed, a call forgotten, a constant off by one, a condition negated, a
decorator left out. Docstrings, annotations and messages stay.
"""

import ast
import difflib
import hashlib
from collections import Counter
from dataclasses import dataclass

from autograder.authoring.changes import find_changes

__all__ = ["GeneratedMutant", "generate"]


@dataclass(frozen=True)
class GeneratedMutant:
    """The reference with one change."""

    id: str
    """Ten hexadecimal digits of a digest of the changed lines and the name of their function: they stay when other
    lines change."""
    function: str
    """Dotted name of the function that was changed; empty at the top of the module."""
    change: str
    """What was changed, in a few words."""
    diff: str
    """A unified diff."""
    source: str
    """The whole module."""


def generate(source: str, name: str) -> list[GeneratedMutant]:
    """Return the mutants of a module, in the order of its lines; `name` is the file's name in their diffs."""
    tree = ast.parse(source)
    seen = {ast.dump(tree)}
    times: Counter[str] = Counter()
    mutants = []
    for change in sorted(find_changes(source), key=lambda change: (change.start, change.end)):
        data = source.encode()
        mutated = (data[: change.start] + change.text.encode() + data[change.end :]).decode()
        try:
            shape = ast.dump(ast.parse(mutated))
        except SyntaxError:
            continue  # Where a part is replaced by text, not every part can be.
        if shape in seen:
            continue
        seen.add(shape)
        lines = [line for line in difflib.ndiff(source.splitlines(), mutated.splitlines()) if line[0] in "+-"]
        key = "\n".join([change.function, *(f"{line[0]} {line[1:].strip()}" for line in lines)])
        times[key] += 1
        digest = hashlib.sha256(f"{key}\n{times[key]}".encode()).hexdigest()[:10]
        diff = difflib.unified_diff(source.splitlines(), mutated.splitlines(), name, name, n=1, lineterm="")
        mutants.append(GeneratedMutant(digest, change.function, change.what, "\n".join(diff), mutated))
    return mutants
