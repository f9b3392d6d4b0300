"""The student's source as the judge reads it: what tests call `source`. It is parsed, never run."""

import ast
import functools
from collections.abc import Iterator

from autograder.errors import nearest
from autograder.judge.verdict import Mismatch

__all__ = ["Source"]

_LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Source:
    """One module's syntax tree, and questions about the shape of the code."""

    def __init__(self, text: str) -> None:
        self._text = text

    @functools.cached_property
    def tree(self) -> ast.Module:
        """The module's syntax tree, parsed when it is first asked for."""
        return ast.parse(self._text)

    @functools.cached_property
    def _aliases(self) -> dict[str, str]:
        return dict(_aliases(self.tree))

    def imports(self, package: str) -> bool:
        """Is this package, or a part of it, imported anywhere in the module?"""
        return any(name == package or name.startswith(package + ".") for name in self._aliases.values())

    def function(self, name: str) -> ast.FunctionDef | ast.AsyncFunctionDef:
        """Return a function's node; `"Net.forward"` for a method.

        Raises:
            Mismatch: there is none of this name.
        """
        node = self._find(name, _FUNCTIONS, "function")
        assert isinstance(node, _FUNCTIONS)
        return node

    def class_(self, name: str) -> ast.ClassDef:
        """Return a class's node.

        Raises:
            Mismatch: there is none of this name.
        """
        node = self._find(name, (ast.ClassDef,), "class")
        assert isinstance(node, ast.ClassDef)
        return node

    def bases(self, name: str) -> list[str]:
        """Return the base classes of a class, as dotted names with import aliases resolved."""
        return [self._dotted(base) for base in self.class_(name).bases]

    def loops(self, name: str) -> int:
        """Return how many `for`, `while` and comprehensions a function has."""
        return sum(isinstance(node, _LOOPS) for node in ast.walk(self.function(name)))

    def calls(self, name: str) -> set[str]:
        """Return what a function or class calls, as dotted names with import aliases resolved."""
        node = self._find(name, (*_FUNCTIONS, ast.ClassDef), "function or class")
        return {self._dotted(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)}

    def names(self, name: str) -> set[str]:
        """Return what a function or class names, called or not, as dotted names with import aliases resolved."""
        node = self._find(name, (*_FUNCTIONS, ast.ClassDef), "function or class")
        return {self._dotted(part) for part in ast.walk(node) if isinstance(part, (ast.Name, ast.Attribute))}

    def _find(self, name: str, kinds: tuple[type[ast.AST], ...], word: str) -> ast.AST:
        node: ast.AST = self.tree
        for part in name.split("."):
            found = {
                child.name: child
                for child in ast.walk(node)
                if child is not node and isinstance(child, (*_FUNCTIONS, ast.ClassDef))
            }
            if part not in found:
                raise Mismatch(f"Your file has no {word} named {name!r}.{nearest(part, found)}")
            node = found[part]
        if not isinstance(node, kinds):
            raise Mismatch(f"In your file, {name!r} is not a {word}.")
        return node

    def _dotted(self, node: ast.AST) -> str:
        """A dotted name; for a call on anything else, a dot and the last name: `.backward`."""
        if isinstance(node, ast.Name):
            return self._aliases.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            return f"{self._dotted(node.value)}.{node.attr}"
        return ""


def _aliases(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield each imported name with the dotted name that it stands for."""
    for node in _statements(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield (alias.asname, alias.name) if alias.asname else (alias.name.partition(".")[0],) * 2
                # `import a.b` binds `a`; the part it loads is remembered under its own name.
                yield alias.name, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield every statement in a tree. Expressions, of which most of a tree consists, hold none and are passed over."""
    for field in ("body", "orelse", "handlers", "finalbody", "cases"):
        inner = getattr(node, field, None)
        for child in inner if isinstance(inner, list) else ():
            yield child
            yield from _statements(child)
