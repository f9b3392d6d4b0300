"""Small changes to Python, of the kinds that students make: found in the syntax tree, made in the text.

So everything else stays as it was written, comments too.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

__all__ = ["Change", "find_changes"]


@dataclass(frozen=True)
class Change:
    """Bytes of the source to be replaced."""

    start: int
    end: int
    text: str
    """What is put there."""
    what: str
    """The same in a few words."""
    function: str
    """Dotted name of the function that they are in; empty at the top of the module."""


def find_changes(source: str) -> list[Change]:
    """Return the changes that can be made to a module, one at a time; not each of them leaves valid Python."""
    finder = _Finder(source)
    finder.visit(ast.parse(source))
    return finder.changes


_OPERATORS: dict[type[ast.AST], tuple[str, tuple[str, ...]]] = {
    ast.Add: ("+", ("-",)),
    ast.Sub: ("-", ("+",)),
    ast.Mult: ("*", ("/",)),
    ast.Div: ("/", ("*",)),
    ast.FloorDiv: ("//", ("/",)),
    ast.Mod: ("%", ("*",)),
    ast.Pow: ("**", ("*",)),
    ast.BitAnd: ("&", ("|",)),
    ast.BitOr: ("|", ("&",)),
    ast.Lt: ("<", ("<=", ">=")),
    ast.LtE: ("<=", ("<", ">")),
    ast.Gt: (">", (">=", "<=")),
    ast.GtE: (">=", (">", "<")),
    ast.Eq: ("==", ("!=",)),
    ast.NotEq: ("!=", ("==",)),
    ast.Is: ("is", ("is not",)),
    ast.IsNot: ("is not", ("is",)),
    ast.In: ("in", ("not in",)),
    ast.NotIn: ("not in", ("in",)),
    ast.And: ("and", ("or",)),
    ast.Or: ("or", ("and",)),
}
"""How each operator is written, and what it is swapped for."""
_KEPT = {ast.Add: ("left", "right"), ast.Mult: ("left", "right"), ast.Sub: ("left",), ast.Div: ("left",)}
"""Which operand is left when the other is dropped."""
_TRANSPOSED = ("T", "mT")
_ONLY_CHECKED = ("strict",)
"""Keywords of which right code sees nothing."""
_SIMPLE = (ast.Name, ast.Constant, ast.Attribute, ast.Subscript, ast.Call, ast.List, ast.Tuple)


class _Finder(ast.NodeVisitor):
    """Collects the changes that can be made to a module."""

    def __init__(self, source: str) -> None:
        self.changes: list[Change] = []
        self._bytes = source.encode()
        self._lines = [0]
        for line in self._bytes.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        self._function: list[str] = []
        self._modules: set[str] = set()

    # Where a node lies, and what it says.

    def _start(self, node: ast.expr | ast.stmt | ast.keyword) -> int:
        return self._lines[node.lineno - 1] + node.col_offset

    def _end(self, node: ast.expr | ast.stmt | ast.keyword) -> int:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._lines[node.end_lineno - 1] + node.end_col_offset

    def _text(self, node: ast.expr | ast.stmt | ast.keyword) -> str:
        return self._bytes[self._start(node) : self._end(node)].decode()

    def _operand(self, node: ast.expr) -> str:
        """Return what a node says, in brackets where it could fall apart elsewhere."""
        return self._text(node) if isinstance(node, _SIMPLE) else f"({self._text(node)})"

    def _replace(self, node: ast.expr | ast.stmt | ast.keyword, text: str, what: str) -> None:
        self._put(self._start(node), self._end(node), text, what)

    def _put(self, start: int, end: int, text: str, what: str) -> None:
        self.changes.append(Change(start, end, text, what, ".".join(self._function)))

    def _swap(self, left: ast.expr, right: ast.expr, operator: ast.AST) -> None:
        """Change the operator that stands between two operands."""
        start, end = self._end(left), self._start(right)
        between = self._bytes[start:end].decode()
        written, others = _OPERATORS.get(type(operator), ("", ()))
        for other in others:
            self._put(start, end, between.replace(written, other, 1), f"`{written}` becomes `{other}`")

    # What is left alone.

    def visit_Import(self, node: ast.Import) -> None:
        self._modules |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self._modules |= {alias.asname or alias.name for alias in node.names}

    def visit_Raise(self, node: ast.Raise) -> None:
        """A message is no answer."""

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """A message is no answer."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    # Definitions and statements.

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._define(node, node.body)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        defaults = [*node.args.defaults, *(default for default in node.args.kw_defaults if default is not None)]
        self._define(node, [*defaults, *node.body])

    def _define(self, node: ast.ClassDef | ast.FunctionDef, parts: Iterable[ast.expr | ast.stmt]) -> None:
        self._function.append(node.name)
        for decorator in node.decorator_list:
            first, last = decorator.lineno, decorator.end_lineno or decorator.lineno
            what = f"`@{self._text(decorator)}` is left out"
            self._put(self._lines[first - 1], self._lines[last], "", what)
        for part in parts:
            self.visit(part)
        self._function.pop()

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Call):
            self._replace(node, "pass", f"`{self._brief(node)}` is left out")
            self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        if isinstance(node.targets[0], ast.Attribute | ast.Subscript):
            self._replace(node, "pass", f"`{self._brief(node)}` is left out")
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self._replace(node, "pass", f"`{self._brief(node)}` is left out")
        self._swap(node.target, node.value, node.op)
        self.generic_visit(node)

    def visit_With(self, node: ast.With) -> None:
        (item, *others) = node.items
        if not others and item.optional_vars is None:
            manager = item.context_expr
            self._put(self._start(node), self._end(manager), "if True", f"`with {self._text(manager)}` is left out")
        self.generic_visit(node)

    def visit_Break(self, node: ast.Break) -> None:
        self._replace(node, "pass", "`break` is left out")

    def visit_Continue(self, node: ast.Continue) -> None:
        self._replace(node, "pass", "`continue` is left out")

    def visit_If(self, node: ast.If) -> None:
        self._negate(node.test)
        self.generic_visit(node)

    def visit_While(self, node: ast.While) -> None:
        self._negate(node.test)
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self._negate(node.test)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        for condition in node.ifs:
            self._negate(condition)
        self.generic_visit(node)

    def _negate(self, test: ast.expr) -> None:
        self._replace(test, f"(not ({self._text(test)}))", f"`{self._brief(test)}` is negated")

    # Expressions.

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if not any(isinstance(side, ast.Constant) and isinstance(side.value, str) for side in (node.left, node.right)):
            self._swap(node.left, node.right, node.op)
            for side in _KEPT.get(type(node.op), ("left",)):
                kept = getattr(node, side)
                self._replace(node, self._operand(kept), f"only `{self._brief(kept)}` is left of its term")
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        for left, operator, right in zip([node.left, *node.comparators], node.ops, node.comparators, strict=False):
            self._swap(left, right, operator)
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        for left, right in zip(node.values, node.values[1:], strict=False):
            self._swap(left, right, node.op)
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        self._replace(node, self._operand(node.operand), f"`{self._brief(node)}` loses its sign")
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        for other in _other_constants(node.value):
            self._replace(node, repr(other), f"`{node.value!r}` becomes `{other!r}`")

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if node.attr in _TRANSPOSED:
            self._replace(node, self._operand(node.value), f"`.{node.attr}` is forgotten")
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if isinstance(node.slice, ast.Slice):
            self._replace(node, self._text(node.value), f"`[{self._text(node.slice)}]` is forgotten")
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        arguments = [self._text(argument) for argument in node.args]
        keywords = [self._text(keyword) for keyword in node.keywords]
        starred = any(isinstance(argument, ast.Starred | ast.GeneratorExp) for argument in node.args)
        function = self._text(node.func)
        if arguments and not starred:
            self._replace(node, self._operand(node.args[0]), f"the call of `{function}` is forgotten")
        if isinstance(node.func, ast.Attribute) and not self._is_module(node.func.value):
            self._replace(node, self._operand(node.func.value), f"`.{node.func.attr}(…)` is forgotten")
        if len(arguments) > 1 and not starred:
            swapped = [arguments[1], arguments[0], *arguments[2:], *keywords]
            self._replace(node, f"{function}({', '.join(swapped)})", f"two arguments of `{function}` are swapped")
        for place, keyword in enumerate(keywords):
            if node.keywords[place].arg in _ONLY_CHECKED:
                continue
            left = [*arguments, *keywords[:place], *keywords[place + 1 :]]
            self._replace(node, f"{function}({', '.join(left)})", f"`{keyword}` is forgotten")
        if function == "range" and arguments and not isinstance(node.args[-1], ast.Constant):
            shorter = [*arguments[:-1], f"({arguments[-1]}) - 1"]
            self._replace(node, f"range({', '.join(shorter)})", "the last round of `range` is left out")
        self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> None:
        if node.arg not in _ONLY_CHECKED:
            self.generic_visit(node)

    def _is_module(self, node: ast.expr) -> bool:
        """Is it an imported name, or a part of one?"""
        while isinstance(node, ast.Attribute):
            node = node.value
        return isinstance(node, ast.Name) and node.id in self._modules

    def _brief(self, node: ast.expr | ast.stmt) -> str:
        text = " ".join(self._text(node).split())
        return text if len(text) <= 40 else f"{text[:39]}…"


def _other_constants(value: object) -> Iterator[object]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
        yield value - 1
    elif isinstance(value, float):
        yield value * 2 if value else 1.0
