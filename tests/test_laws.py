"""The laws of the house: who may import whom, how long things may be, and what may stand nowhere."""

import ast
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "autograder"
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))

LAYERS = [
    "errors files machine",
    "assignment submission container notebook parsing intake result roster scoring",
    "judge sandbox database store secret report export",
    "grading slot mistakes assemble framework authoring checking course inbox gradebook nbgrader github",
    "cli",
]
LAYER = {name: level for level, names in enumerate(LAYERS) for name in names.split()}

# The trusted side shares the wire with the worker; only what answers from trusted code may use more of it.
WORKER_IMPORTS = {
    "judge": {"autograder.worker.wire"},
    "sandbox": {"autograder.worker.wire"},
    "sandbox/boot.py": {"autograder.worker"},  # to know where the folder lies
    "sandbox/fake.py": {"autograder.worker.wire", "autograder.worker.agent", "autograder.worker.torch_values"},
}

# What modules of the worker may import beside the standard library and NumPy, by the first word of their names.
FRAMEWORKS = {
    "torch": {"torch"},
    "simulated": {"torch"},
    "jax": {"jax"},
    "keras": {"keras"},
    "tensorflow": {"tensorflow", "keras"},
    "mxnet": {"mxnet"},
    "cntk": {"cntk"},
}

LINES_OF_A_MODULE = 320
LINES_OF_A_FUNCTION = 60
LONGER_FOR_A_REASON = {
    "container.py": "one set of rules holds for every container, and is read beside its readers",
    "judge/compare.py": "every comparison, and every sentence about one, is in one place",
    "worker/wire.py": "both directions of the wire, which must agree, are read side by side",
}


def tree(module: str) -> ast.Module:
    return ast.parse((PACKAGE / module).read_text(encoding="utf-8"))


def imports(module: str) -> set[str]:
    """Return the dotted names of the modules that a module imports anywhere in it; relative ones begin with a dot."""
    found = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            for alias in node.names:
                inner = f"{base}.{alias.name}" if node.module else base + alias.name
                part = ROOT / Path(*inner.split("."))
                found.add(inner if part.with_suffix(".py").exists() or part.is_dir() else base)
    return found


def own_imports(module: str) -> set[str]:
    return {name for name in imports(module) if name.split(".")[0] == "autograder"}


def top(module: str) -> str:
    """The part of the package that a module belongs to."""
    return module.split("/")[0].removesuffix(".py")


def test_every_module_has_a_place_in_the_house() -> None:
    assert {top(module) for module in MODULES} - {"__init__", "worker"} <= LAYER.keys()


@pytest.mark.parametrize("module", [module for module in MODULES if module.startswith("worker/")])
def test_the_worker_imports_nothing_of_ours_but_itself(module: str) -> None:
    for name in imports(module):
        if name.startswith("."):
            assert not name.startswith(".."), name
        else:
            allowed = {*sys.stdlib_module_names, "numpy", *FRAMEWORKS.get(module.split("/")[1].split("_")[0], ())}
            assert name.split(".")[0] in allowed, name


@pytest.mark.parametrize("module", [module for module in MODULES if top(module) in LAYER])
def test_imports_run_downward_only(module: str) -> None:
    for name in own_imports(module) - {"autograder"}:
        part = name.split(".")[1]
        if part == "worker":
            allowed = WORKER_IMPORTS.get(top(module), set()) | WORKER_IMPORTS.get(module, set())
            assert name in allowed, f"{module} imports {name}"
        elif part != "__version__":
            assert LAYER[part] <= LAYER[top(module)], f"{module} imports {name}"


def test_no_import_of_ours_is_relative_outside_the_worker() -> None:
    for module in MODULES:
        if not module.startswith("worker/"):
            assert not [name for name in imports(module) if name.startswith(".")], module


@pytest.mark.parametrize("module", [module for module in MODULES if module.startswith("judge/")])
def test_the_judge_never_imports_what_reads_submissions(module: str) -> None:
    forbidden = {"autograder.submission", "autograder.notebook", "autograder.cli"}
    assert not own_imports(module) & forbidden


def test_untrusted_code_is_started_behind_the_sandbox_and_nowhere_else() -> None:
    # The slots are our own processes; everything else that starts one is in sandbox/ or worker/.
    starters = {"subprocess", "pty", "socketserver"}
    # git.py starts git, which is told to run nothing of a repository.
    outside = [module for module in MODULES if top(module) not in ("sandbox", "worker") and module != "github/git.py"]
    assert [module for module in outside if imports(module) & starters] == []


@pytest.mark.parametrize("module", [module for module in MODULES if module.startswith("export/")])
def test_an_export_is_made_of_records_alone(module: str) -> None:
    effects = {"os", "random", "secrets", "shutil", "socket", "sqlite3", "tempfile", "time", "urllib"}
    files = {"pathlib"} if module != "export/gradescope_zip.py" else set()
    assert not imports(module) & (effects | files)


def docstrings(module: str) -> set[str]:
    """Return the docstrings in a module, where examples may name an exercise."""
    found = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            text = ast.get_docstring(node, clean=False)
            if text is not None:
                found.add(text)
    return found


def names(text: str, slug: str) -> bool:
    """Does a text name an exercise? A slug of one English word may stand in a sentence, but not alone or in a path."""
    return slug in text if "_" in slug else slug in text.split("/")


@pytest.mark.parametrize("module", MODULES)
def test_no_code_knows_an_exercise_by_its_name(module: str) -> None:
    known = {path.parent.name for path in (ROOT / "assignments").glob("*/assignment.toml")}
    assert known
    strings = {
        node.value for node in ast.walk(tree(module)) if isinstance(node, ast.Constant) and type(node.value) is str
    } - docstrings(module)
    assert [text for text in strings if any(names(text, slug) for slug in known)] == []


def functions(module: str) -> Iterator[tuple[str, int]]:
    """Yield each function with the number of its lines, without its docstring."""
    for node in ast.walk(tree(module)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert node.end_lineno is not None
            lines = node.end_lineno - node.lineno + 1
            first = node.body[0]
            if ast.get_docstring(node) is not None:
                assert first.end_lineno is not None
                lines -= first.end_lineno - first.lineno + 1
            yield node.name, lines


@pytest.mark.parametrize("module", MODULES)
def test_functions_are_short(module: str) -> None:
    assert [(name, lines) for name, lines in functions(module) if lines > LINES_OF_A_FUNCTION] == []


def test_modules_are_short_but_for_a_reason() -> None:
    lengths = {module: len((PACKAGE / module).read_text().splitlines()) for module in MODULES}
    long = {module for module, lines in lengths.items() if lines > LINES_OF_A_MODULE}
    assert long == LONGER_FOR_A_REASON.keys()


@pytest.mark.parametrize("folder", ["worker", "sandbox", "judge", "report", "export", "inbox", "github", "nbgrader"])
def test_a_folder_with_a_law_says_it_in_a_few_lines(folder: str) -> None:
    law = (PACKAGE / folder / "README.md").read_text(encoding="utf-8").splitlines()
    assert 3 <= len(law) <= 6


@pytest.mark.parametrize("module", MODULES)
def test_every_public_name_has_a_docstring(module: str) -> None:
    root = tree(module)
    page = ast.get_docstring(root)
    assert page, "the module itself"
    public = [
        node.name
        for node in root.body
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and not node.name.startswith("_")
        # A tree of exceptions is drawn once, in the module's own docstring.
        if ast.get_docstring(node) is None and node.name not in page
    ]
    assert public == []


@pytest.mark.attack("P07")
@pytest.mark.parametrize("module", MODULES)
def test_no_deadline_is_on_a_clock_that_can_be_set(module: str) -> None:
    assert "time.time(" not in (PACKAGE / module).read_text(encoding="utf-8")


def test_the_table_of_attacks_is_that_of_the_corpus() -> None:
    spec = importlib.util.spec_from_loader("trust_table", None)
    assert spec is not None
    script = importlib.util.module_from_spec(spec)
    script.__file__ = str(ROOT / "scripts/trust-table")
    exec((ROOT / "scripts/trust-table").read_text(encoding="utf-8"), vars(script))
    page = (ROOT / "docs/trust.md").read_text(encoding="utf-8")
    assert page.endswith("\n".join(script.rows()) + "\n"), "run scripts/trust-table"
