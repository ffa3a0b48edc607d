"""Imports point one way: each module sees only what lies to its left."""

import ast
import graphlib
import sys

import pytest

from tests.repo.sources import PACKAGES, library_modules, packages

# Each module or subpackage, and what it may import besides itself, the modules before the arrow included.
BASE = ("_checks", "_types", "_linalg", "tables")
CHAIN = (*BASE, "symbols", "processes", "features", "labels", "moments", "solutions")
# thresholds and witnesses take moments and processes, and quantities of a problem are computed from them
QUANTITIES = (*CHAIN, "losses", "risks", "transfer", "witnesses", "problems", "quantities")
EXPERIMENTS = ("networks", "training", "datasets")
EVALUATE = (*QUANTITIES, "gallery", "bounds", "evaluate")


def before(chain: tuple[str, ...], name: str) -> frozenset[str]:
    """The part of a chain to the left of `name`."""
    return frozenset(chain[: chain.index(name)])


ALLOWED = {
    **{name: before(CHAIN, name) for name in CHAIN},
    "losses": frozenset(CHAIN),
    "risks": frozenset(CHAIN),
    "problems": before(QUANTITIES, "problems"),
    "quantities": before(QUANTITIES, "quantities"),
    "transfer": before(QUANTITIES, "transfer"),
    "witnesses": before(QUANTITIES, "witnesses"),
    "gallery": before(EVALUATE, "gallery"),
    "bounds": frozenset((*BASE, "symbols")),
    "evaluate": before(EVALUATE, "evaluate"),
    "samples": frozenset(EVALUATE),
    "batched": frozenset((*BASE, "symbols", "bounds", "witnesses")),
    "networks": frozenset(EVALUATE),
    "training": frozenset((*EVALUATE, "networks")),
    "datasets": frozenset(EVALUATE),
}
CHECKER = (
    "names", "embedded", "verdict", "arithmetic", "enclosures", "structure", "hypotheses", "judge", "check",
    "chain", "search", "certificates", "store", "controls", "studies", "environment", "experiments", "plots", "rows",
    "verify", "explain", "sources", "report", "problem_files", "sweep", "console", "cli", "__main__",
)  # fmt: skip
EXTRAS = frozenset(("equinox", "optax", "sklearn", "distributed"))
FOREIGN_TO_LINREP = frozenset(("proofs_check", "flint", "matplotlib", "cyclopts", "rich"))
STANDALONE = "proofs_check.certificates.checker"


def component(module: str) -> str:
    """The layer of a dotted name: `processes` for `linrep.processes._finite`, empty for the package itself."""
    return module.split(".")[1] if "." in module else ""


def imported(module: str, tree: ast.AST, is_package: bool) -> list[tuple[int, str]]:
    """Line and absolute dotted name of everything a module imports."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            anchor = module.split(".")
            anchor = anchor[: len(anchor) - node.level + is_package] if node.level else []
            base = ".".join([*anchor, *([node.module] if node.module else [])])
            found += [(node.lineno, f"{base}.{alias.name}") for alias in node.names]
    return found


def for_types_only(node: ast.AST) -> bool:
    """Whether a statement is `if TYPE_CHECKING:`, whose imports serve annotations and never run."""
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def is_own(node: ast.Import | ast.ImportFrom) -> bool:
    """Whether an import statement names one of the project's packages."""
    if isinstance(node, ast.Import):
        return any(alias.name.split(".")[0] in PACKAGES for alias in node.names)
    return bool(node.level) or (node.module or "").split(".")[0] in PACKAGES


def lazy(tree: ast.Module) -> list[int]:
    """Lines of imports of our own packages that are not at the top level of the file."""
    top = [*tree.body, *(inner for node in tree.body if for_types_only(node) for inner in getattr(node, "body", ()))]
    known = set(map(id, top))
    imports = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    return [node.lineno for node in imports if id(node) not in known and is_own(node)]


def running(source: str) -> ast.Module:
    """A module without what only a type checker reads."""
    tree = ast.parse(source)
    tree.body = [node for node in tree.body if not for_types_only(node)]
    return tree


def forbidden(module: str, target: str) -> str:
    """Why `module` may not import `target`; empty if it may."""
    package, head = module.split(".")[0], target.split(".")[0]
    mine, theirs = component(module), component(target)
    if module == STANDALONE:
        return "" if head in sys.stdlib_module_names else "the checker of certificates stands alone"
    if package == "linrep" and head in FOREIGN_TO_LINREP:
        return f"linrep never imports {head}"
    if head in EXTRAS and mine not in {"linrep": EXPERIMENTS, "proofs_check": {"experiments"}}.get(package, ()):
        return f"{head} is an optional extra"
    if package == head == "linrep":
        return _forbidden_in_linrep(mine, theirs)
    if package == head == "proofs_check" and mine:
        return _forbidden_in_checker(mine, theirs)
    return ""


def _forbidden_in_linrep(mine: str, theirs: str) -> str:
    if not mine:
        return "the package itself does not need the extras" if theirs in EXPERIMENTS else ""
    if mine not in ALLOWED:
        return f"{mine} has no place in the layer order"
    return "" if theirs in ALLOWED[mine] | {mine} else f"{theirs or 'linrep itself'} is not to the left of {mine}"


def _forbidden_in_checker(mine: str, theirs: str) -> str:
    if mine not in CHECKER:
        return f"{mine} has no place in the layer order"
    left = CHECKER[: CHECKER.index(mine) + 1]
    return "" if theirs in left else f"{theirs or 'proofs_check itself'} is not to the left of {mine}"


def violations(module: str, source: str, *, is_package: bool = False) -> list[str]:
    """Every import of a module that points the wrong way or hides inside a function."""
    tree = ast.parse(source)
    wrong = [
        f"{module}:{line}: import of {target}: {reason}"
        for line, target in imported(module, tree, is_package)
        if (reason := forbidden(module, target))
    ]
    return wrong + [f"{module}:{line}: our own package is imported below the top level" for line in lazy(tree)]


def cycle(modules: dict[str, str], inits: set[str]) -> list[str]:
    """A cycle of imports among the modules, empty if there is none; a name is traced to the module that defines it."""
    graph: dict[str, set[str]] = {name: set() for name in modules}
    for name, source in modules.items():
        for _, target in imported(name, running(source), name in inits):
            owner = target if target in modules else target.rpartition(".")[0]
            if owner in modules:
                graph[name].add(owner)
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return error.args[1]
    return []


def test_every_import_points_left():
    inits = packages()
    found = [
        line for name, text in library_modules().items() for line in violations(name, text, is_package=name in inits)
    ]
    assert found == []


def test_no_module_imports_itself_through_others():
    assert cycle(library_modules(), packages()) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("linrep.moments._population", "from linrep.solutions import solve"),
        ("linrep.bounds.linrep26", "from linrep.processes import FiniteProcess"),
        ("linrep.losses._spectral", "from linrep.risks import regression"),
        ("linrep.risks._regression", "from ..losses import spectral"),
        ("linrep.transfer", "from linrep import quantities"),
        ("linrep.symbols", "import proofs_check"),
        ("linrep.evaluate", "def table():\n    from rich.table import Table"),
        ("linrep._linalg", "import flint"),
        ("linrep.processes._finite", "import linrep"),
        ("linrep.solutions._spectral", "def solve():\n    from linrep.moments import Moments"),
        ("linrep.solutions._spectral", "try:\n    from linrep.moments import Moments\nexcept ImportError:\n    pass"),
        ("linrep.solutions._spectral", "import optax"),
        ("linrep.moments._population", "if TYPE_CHECKING:\n    from linrep.solutions import Solution"),
        ("linrep.leftover", "import linrep.symbols"),
        ("proofs_check.judge", "from proofs_check.store import save"),
        ("proofs_check.sweep._run", "from proofs_check.console import tally"),
        ("proofs_check.cli", "import sklearn"),
        ("proofs_check.certificates.checker", "import numpy"),
    ],
)
def test_planted_import_is_reported(module: str, source: str):
    assert len(violations(module, source)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("linrep.moments._population", "from linrep.processes import FiniteProcess\nimport numpy as np"),
        ("linrep.moments._population", "from . import _analytic\nfrom ._analytic import flip"),
        ("linrep.processes._abstract", "if TYPE_CHECKING:\n    from linrep.processes._finite import FiniteProcess"),
        ("linrep.bounds.haochen21", "from linrep.symbols import Quantity\nfrom linrep.bounds._theorem import Theorem"),
        ("linrep.training._loop", "import optax\nfrom linrep.networks import Tower"),
        ("proofs_check.cli", "import rich\nfrom linrep.evaluate import compare\nfrom proofs_check.report import table"),
    ],
)
def test_ordinary_imports_are_allowed(module: str, source: str):
    assert violations(module, source) == []


def test_planted_cycle_is_reported():
    modules = {"linrep.risks": "from linrep.risks._a import f", "linrep.risks._a": "from linrep.risks import g"}
    assert set(cycle(modules, {"linrep.risks"})) == set(modules)
