"""The API pages: a page a module, each public name at one place, with its docstring."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from linrep.bounds import Theorem
from site_pages.names import PAPERS, Name, home, homes, modules, names, public
from site_pages.text import heading, prose
from site_pages.theory import TOKENS

IN_THE_THEORY = (Theorem, *TOKENS.values())
"""Values that the theory chapter documents."""


def pages() -> dict[str, dict[str, Any]]:
    """What each page says: the names that have their home there, and those that have it elsewhere."""
    places = homes(public())
    return {module: _page(module, places) for module in modules() if not module.startswith(PAPERS)}


def _page(module: str, places: dict[int, Name]) -> dict[str, Any]:
    told = [name for name in names(module) if not isinstance(name.value, IN_THE_THEORY)]
    at = {name.path: home(name, places).path for name in told}
    here = [name for name in told if at[name.path] == name.path]
    return {
        "module": module,
        "shared": _is_name(module),
        "listed": sorted(here, key=lambda n: (not n.is_class, not n.is_function)),
        "elsewhere": [(n.name, at[n.path]) for n in told if at[n.path] != n.path],
        "in_the_theory": len(told) < len(names(module)),
    }


def _is_name(module: str) -> bool:
    """Whether the parent offers something else under the name of this module, as `linrep.evaluate` is a function."""
    parent, _, last = module.rpartition(".")
    return bool(parent) and any(n.name == last for n in names(parent))


def write(render: Callable[..., str], folder: Path, put: Callable[[Path, str], None]) -> None:
    """All pages of the API, and the list of them.

    Args:
        render: (template, values) -> text.
        folder: where they go.
        put: writes a text into a file.
    """
    shared = {"heading": heading, "prose": prose}
    listed = pages()
    for module, page in listed.items():
        put(folder / f"{module}.rst", render("module.rst.jinja", **page, **shared))
    packages = {root: [m for m in listed if m.split(".")[0] == root] for root in ("linrep", "proofs_check")}
    put(folder / "index.rst", render("api.rst.jinja", packages=packages, **shared))
