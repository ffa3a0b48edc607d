"""Docstrings read from the source of installed packages, which are parsed and never imported."""

import ast
import importlib.util
import warnings
from collections.abc import Iterator
from pathlib import Path

from linrep._checks import require

DEFINES = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
ADDED = ("add_newdoc", "add_newdoc_for_scalar_type")
"""Functions through which NumPy and SciPy attach docstrings to what they compile."""


def source_files(package: str) -> list[tuple[str, bytes]]:
    """Path inside the package, with its name first, and content of its Python files, tests left out, in a fixed order.

    Raises:
        InputError: a package that is not installed or has no source.
    """
    spec = importlib.util.find_spec(package)
    roots = [] if spec is None else [Path(place) for place in spec.submodule_search_locations or ()]
    found = [
        (f"{package}/{path.relative_to(root).as_posix()}", path.read_bytes())
        for root in roots
        for path in root.rglob("*.py")
        if "tests" not in path.relative_to(root).parts
    ]
    require(
        found, f"datasets.docstrings: {package} has no Python source here, but its docstrings are read; install it."
    )
    return sorted(found)


def docstrings_in(source: bytes) -> Iterator[str]:
    """Docstrings of a file in the order of the source, those passed to `add_newdoc` included; none if it is not Python.

    >>> list(docstrings_in(b"'A module.'\\nadd_newdoc('m', 'f', 'Compiled.')"))
    ['A module.', 'Compiled.']
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the parser warns of escapes that are not ours to mend
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError):
            return
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, DEFINES) and (text := ast.get_docstring(node, clean=False)):
            yield text
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            yield from _added(node.value)
        # expressions hold no definitions
        waiting += reversed([part for part in ast.iter_child_nodes(node) if not isinstance(part, ast.expr)])


def _added(call: ast.Call) -> Iterator[str]:
    """Texts in the last argument of a call to `add_newdoc`: a text, a pair of a name and a text, or a list of those."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in ADDED and call.args:
        for part in ast.walk(call.args[-1]):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value
