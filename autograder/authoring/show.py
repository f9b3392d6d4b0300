"""An audit in a terminal: what caught each mutant, the margins, and the holes."""

import math
import textwrap
from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from autograder.authoring.findings import Audit, Generated, Margin
from autograder.report.text import counted

__all__ = ["render_audit", "render_verdict"]


def render_audit(audit: Audit) -> RenderableType:
    """Show what an audit found out about one exercise."""
    parts: list[RenderableType] = [Rule(Text(f"{audit.title} ({audit.slug})"), align="left")]
    if audit.mutants:
        parts += [_mutants(audit), Text(""), _tests(audit), Text("")]
    codes = {test.id: test.code for test in audit.tests}
    if audit.farthest or audit.nearest:
        parts.append(_margins(audit, codes))
    if audit.generated is not None:
        parts += _generated(audit.generated)
    if audit.not_installed:
        parts.append(
            Text(
                f"Not installed, so not graded: {', '.join(audit.not_installed)}. Install them: "
                f"python grade.py runtimes install {' '.join(audit.not_installed)}",
                style="yellow",
            )
        )
    for hole in audit.holes:
        parts.append(Text.assemble(("✗ ", "red"), hole))
    if not audit.holes:
        parts.append(Text(f"✓ Sound, on {counted(audit.seeds, 'seed')}.", style="green"))
    return Group(*parts, Text(""))


def render_verdict(audits: Sequence[Audit]) -> RenderableType:
    """Say in a line what the audits come to."""
    holes = sum(len(audit.holes) for audit in audits)
    exercises = counted(len(audits), "exercise")
    if not holes:
        return Text(f"{exercises}, no hole.")
    broken = sum(bool(audit.holes) for audit in audits)
    return Text(f"{exercises}, {counted(holes, 'hole')} in {broken}.")


def _mutants(audit: Audit) -> Table:
    codes = {test.id: test.code for test in audit.tests}
    table = Table("mutant", "caught by", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("error / allowed", justify="right")
    for mutant in audit.mutants:
        caught = " ".join(codes.get(test, test) for test in mutant.caught_by) or "nothing"
        table.add_row(Text(mutant.name), Text(caught), _size(mutant.margin))
    return table


def _tests(audit: Audit) -> Table:
    table = Table.grid(padding=(0, 2))
    for test in audit.tests:
        table.add_row(Text(test.code, style="dim"), Text(test.id, style="dim"))
    return table


def _margins(audit: Audit, codes: dict[str, str]) -> RenderableType:
    def line(what: str, margin: Margin) -> Text:
        where = f"{margin.answer}, {codes.get(margin.test, margin.test)}, attempt {margin.attempt}"
        return Text(f"{what} {_size(margin)} of what is allowed ({where})")

    lines = []
    if audit.farthest is not None:
        lines.append(line("Farthest variant inside: ", audit.farthest))
    if audit.nearest is not None:
        lines.append(line("Nearest mutant outside:  ", audit.nearest))
    return Group(*lines)


def _generated(generated: Generated) -> list[RenderableType]:
    equal = f", {generated.equivalent} equivalent" if generated.equivalent else ""
    parts: list[RenderableType] = [
        Text(
            f"Generated mutants:        {generated.killed} of {generated.made} killed{equal}: "
            f"{100 * generated.score:.1f} %"
        )
    ]
    for survivor in generated.survivors:
        parts += [
            Text(f"\nSurvives: {survivor.id}, in {survivor.function or 'the module'}: {survivor.change}"),
            Text(textwrap.indent(survivor.diff, "  "), style="dim"),
        ]
    return [*parts, Text("")] if generated.survivors else parts


def _size(margin: Margin | None) -> str:
    """Write an error in allowances in few characters; an empty string where none was measured."""
    if margin is None:
        return ""
    if math.isinf(margin.error):
        return "∞"
    if margin.error == 0:
        return "0"
    if margin.error < 100:
        return f"{margin.error:.2g}"
    return f"{margin.error:.0f}" if margin.error < 1e5 else f"{margin.error:.1e}"
