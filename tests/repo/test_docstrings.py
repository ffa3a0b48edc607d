"""Every public name of linrep says what it is and shows itself at work; the examples run as doctests."""

import importlib
import inspect
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tests.repo.sources import library_modules


def public_modules() -> list[str]:
    """Modules of linrep without an underscore in their name; in `bounds` a formula is shown by its theorem's record."""
    names = [name for name in library_modules() if name.split(".")[0] == "linrep"]
    return [name for name in names if "._" not in name and not name.startswith("linrep.bounds.")]


def public_names(module: Any) -> list[str]:
    """What a module offers: its `__all__`, or else what it defines (a package: gathers) without an underscore."""
    if hasattr(module, "__all__"):
        return list(module.__all__)
    named = {name: value for name, value in vars(module).items() if not name.startswith("_")}
    gathers = hasattr(module, "__path__")
    return [name for name, value in named.items() if gathers or getattr(value, "__module__", "") == module.__name__]


def is_ours(value: Any) -> bool:
    """Functions and classes written in linrep; constants and re-exports of other packages have no docstring of ours."""
    described = inspect.isclass(value) or inspect.isroutine(value) or hasattr(value, "__wrapped__")
    return described and str(getattr(value, "__module__", "")).split(".")[0] == "linrep"


def violations(label: str, module: Any) -> list[str]:
    """Public functions and classes of a module without a docstring or without an example in it."""
    found = []
    for name in public_names(module):
        value = getattr(module, name)
        doc = getattr(value, "__doc__", None) or ""
        if is_ours(value) and ">>>" not in doc:
            found.append(f"{label}.{name}: {'no example' if doc.strip() else 'no docstring'}")
    return found


@pytest.mark.parametrize("name", public_modules())
def test_public_names_show_an_example(name: str):
    module: ModuleType = importlib.import_module(name)
    assert violations(name, module) == []


def planted(doc: str | None) -> SimpleNamespace:
    """A module with one public function of linrep that carries the given docstring."""

    def solve():
        return None

    solve.__doc__, solve.__module__ = doc, "linrep.planted"
    return SimpleNamespace(__all__=["solve"], solve=solve)


def test_planted_silence_is_reported():
    assert violations("planted", planted(None)) == ["planted.solve: no docstring"]
    assert violations("planted", planted("Solve.")) == ["planted.solve: no example"]
    assert violations("planted", planted("Solve.\n\n>>> solve()\n")) == []


def test_borrowed_names_count_in_a_package_only():
    solve = planted("Solve.").solve
    borrowed = SimpleNamespace(__name__="linrep.elsewhere", solve=solve)
    assert violations("planted", borrowed) == []
    assert violations("planted", SimpleNamespace(**vars(borrowed), __path__=[])) == ["planted.solve: no example"]


def test_every_package_of_linrep_is_looked_at():
    assert {"linrep", "linrep.processes", "linrep.bounds", "linrep.evaluate"} <= set(public_modules())
