"""Which names are public, what each of them is, and at which one place it is documented."""

import ast
import functools
import importlib
import inspect
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from types import ModuleType
from typing import Any, NamedTuple

import linrep
from linrep.bounds import Theorem

ENTRY_POINTS = (
    "proofs_check",
    "proofs_check.certificates",
    "proofs_check.controls",
    "proofs_check.explain",
    "proofs_check.experiments",
    "proofs_check.plots",
    "proofs_check.problem_files",
    "proofs_check.report",
    "proofs_check.search",
    "proofs_check.sources",
    "proofs_check.studies",
    "proofs_check.sweep",
    "proofs_check.verdict",
    "proofs_check.verify",
)
"""The modules of the checker that are meant for users; the others are its parts."""
PAPERS = "linrep.bounds."
"""Below this a module is a paper: its theorems are public, its formulas are shown by them."""


class Name(NamedTuple):
    """A public name of a module, its value, what is said of it, and the module in which it is written."""

    module: str
    name: str
    value: Any
    doc: str
    origin: str

    @property
    def path(self) -> str:
        """The dotted name."""
        return f"{self.module}.{self.name}"

    @property
    def is_class(self) -> bool:
        """Whether it is a class."""
        return inspect.isclass(self.value)

    @property
    def is_function(self) -> bool:
        """Whether it is a function, compiled ones included."""
        return inspect.isroutine(self.value) or hasattr(self.value, "__wrapped__")


def modules() -> list[str]:
    """Every public module: all of linrep without an underscore in the name, and the entry points of the checker."""
    found = (m.name for m in pkgutil.walk_packages(linrep.__path__, "linrep."))
    return ["linrep", *sorted(name for name in found if "._" not in name), *ENTRY_POINTS]


@functools.cache
def names(module: str) -> tuple[Name, ...]:
    """The public names of a module: what it defines, and what it imports under its own name (`import x as x`)."""
    loaded = importlib.import_module(module)
    # a dictionary, since an overloaded function comes several times
    told = {name: (doc, origin) for name, doc, origin in _exported(loaded)}
    found = [Name(module, name, getattr(loaded, name), *rest) for name, rest in told.items()]
    kept = (n for n in found if not module.startswith(PAPERS) or isinstance(n.value, Theorem))
    return tuple(n for n in kept if not inspect.ismodule(n.value))


@functools.cache
def public() -> tuple[Name, ...]:
    """Every public name of every public module; what is offered at several places is listed at each."""
    return tuple(name for module in modules() for name in names(module))


def homes(listed: Iterable[Name]) -> dict[int, Name]:
    """The one place at which each function and class is documented, by identity: the first that offers it."""
    found: dict[int, Name] = {}
    for name in listed:
        if name.is_class or name.is_function:
            found.setdefault(id(name.value), name)
    return found


def home(name: Name, places: Mapping[int, Name]) -> Name:
    """Where this name is documented; a constant always where it stands."""
    return places.get(id(name.value), name) if name.is_class or name.is_function else name


def missing(listed: Iterable[Name], documented: Iterable[str]) -> list[str]:
    """Public names of which the built pages say nothing: no entry, or an entry without a word."""
    everything, there = list(listed), set(documented)
    places = homes(everything)
    absent = [f"{n.path}: not in the pages" for n in everything if home(n, places).path not in there]
    return absent + [f"{n.path}: no docstring" for n in everything if not n.doc.strip()]


def _exported(module: ModuleType) -> Iterator[tuple[str, str, str]]:
    """Public names in the order of the source, each with its docstring and the module in which it is written."""
    body = ast.parse(inspect.getsource(module)).body
    for node, after in zip(body, [*body[1:], ast.Pass()], strict=True):
        for name, source in _bound(node):
            if source:
                offered = _exported(importlib.import_module(source))
                yield from (told for told in offered if name in ("*", told[0]))
            elif not name.startswith("_"):
                yield name, _said(getattr(module, name), after), module.__name__


def _bound(node: ast.stmt) -> Iterator[tuple[str, str]]:
    """Names that a statement offers, with the module of ours that they are taken from (empty: this one)."""
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name, ""
        case ast.Assign(targets=targets):
            yield from ((target.id, "") for target in targets if isinstance(target, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name, ""
        case ast.ImportFrom(module=str(source), names=aliases):
            yield from ((a.name, source) for a in aliases if a.name in ("*", a.asname) and not _inside(source, a.name))


def _inside(package: str, name: str) -> bool:
    """Whether a package offers a module by this name, which has its own page."""
    return inspect.ismodule(getattr(importlib.import_module(package), name, None))


def _said(value: Any, after: ast.stmt) -> str:
    """The docstring of a function or class; of a constant the text below its assignment; of a token its own words."""
    if inspect.isclass(value) or inspect.isroutine(value) or hasattr(value, "__wrapped__"):
        return inspect.getdoc(value) or ""
    if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) and isinstance(after.value.value, str):
        return inspect.cleandoc(after.value.value)
    told = (getattr(value, part, None) for part in ("title", "definition", "statement"))
    return next((text for text in told if isinstance(text, str)), "")
