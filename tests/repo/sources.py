"""Reading the project's own source files: what the checks of this folder share."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("linrep", "proofs_check")


def module_name(path: Path) -> str:
    """The dotted name of a module of the project; a package goes by its own name."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def library_files() -> list[Path]:
    """Every source file of the two packages."""
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def files_of(*folders: str) -> list[Path]:
    """Every Python file under the named top-level folders."""
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def library_modules() -> dict[str, str]:
    """Source text of every module of the two packages, by dotted name."""
    return {module_name(path): path.read_text(encoding="utf-8") for path in library_files()}


def packages() -> set[str]:
    """Dotted names of the modules that are packages (an `__init__.py`)."""
    return {module_name(path) for path in library_files() if path.name == "__init__.py"}


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method, nested ones included."""
    return (node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))


def called_name(call: ast.Call) -> str:
    """The last name of what is called: `loads` for `pickle.loads(...)`, empty for an anonymous callable."""
    target = call.func
    return target.id if isinstance(target, ast.Name) else target.attr if isinstance(target, ast.Attribute) else ""
