"""The theory chapter, written from the theorem files: the formulas are those that the checks evaluate."""

import inspect
import sys
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import sympy

import linrep.bounds as catalogue
from linrep.bounds import Theorem
from linrep.symbols import Example, Hypothesis, Quantity
from proofs_check.explain import explanation
from proofs_check.sources import cited
from site_pages.names import PAPERS, Name, names
from site_pages.text import formal, heading, prose, sentence

OURS = "linrep26"
READ = {
    "paper": "read in the paper",
    "second hand": "published; read at second hand, in careful notes",
    "ours": "ours",
}
TOKENS = {"quantities": Quantity, "hypotheses": Hypothesis, "problems": Example}
"""The tokens of `linrep.symbols`, one page each."""


class Page(NamedTuple):
    """A page of the chapter: where the theorems of one paper, or of one file of ours, stand."""

    name: str
    title: str
    about: str
    theorems: list[dict[str, Any]]


def pages() -> list[Page]:
    """The theorems of the catalogue in its order, ours by the files that they are written in, then a page a paper."""
    written = {name.value.key: name for module in _papers() for name in names(module)}
    groups: dict[str, list[Name]] = {}
    for theorem in catalogue.CATALOGUE:
        name = written[theorem.key]
        groups.setdefault(name.origin if theorem.source.key == OURS else name.module, []).append(name)
    ours_first = sorted(groups, key=lambda module: OURS not in module)
    return [_page(module, groups[module]) for module in ours_first]


def _papers() -> list[str]:
    return [f"{PAPERS}{paper}" for paper in dict.fromkeys(t.key.split(".")[0] for t in catalogue.CATALOGUE)]


def _page(module: str, theorems: list[Name]) -> Page:
    """Ours under the first sentence of their file; a paper under its authors, with its title and what the file adds."""
    said = " ".join((inspect.getdoc(sys.modules[module]) or module).split())
    title, _, about = said.partition(": ")
    about = prose(sentence(about))
    if OURS not in module:
        title, about = cited(theorems[0].value.source.key).split(": ", 1)
        about = f"*{about}.*{said.partition('):')[2]}"
    name = module.removeprefix(PAPERS).replace("._", "_")
    return Page(name, title.rstrip("."), about, [entry(n) for n in theorems])


def entry(name: Name) -> dict[str, Any]:
    """All that the page says of one theorem."""
    theorem: Theorem = name.value
    with sympy.evaluate(False):
        expression = None if theorem.unavailable else theorem.expression()
    told = explanation(theorem)
    proof = unbroken(told["steps"])
    return {
        **told,
        "proof": proof,
        "beside": told["steps"][len(proof) :],
        "path": name.path,
        "kind": theorem.kind.value,
        "bounds": theorem.bounds,
        "read": READ[theorem.source.provenance],
        "constants": [sympy.latex(c) for c in constants(expression)] if expression is not None else [],
        "broken": [(c.name, c.unknown) for c in theorem.controls],
    }


def unbroken(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The steps that follow from one another; what comes after them stands beside the proof.

    >>> ends = [{"left": "a", "right": "b"}, {"left": "b", "right": "c"}, {"left": "x", "right": "y"}]
    >>> len(unbroken(ends))
    2
    """
    pairs = enumerate(pairwise(steps), 1)
    return steps[: next((i for i, (one, two) in pairs if one["right"] != two["left"]), len(steps))]


def constants(expression: sympy.Basic) -> list[sympy.Basic]:
    """The sizes of the numbers that a formula multiplies or adds, other than 1, in increasing order; no exponents.

    >>> x, y = sympy.symbols("x y", positive=True)
    >>> constants(4 * x / y**2 + sympy.Rational(1, 3))
    [1/3, 4]
    """
    return sorted(set(_constants(expression)), key=float)


def _constants(part: sympy.Basic) -> Iterator[sympy.Basic]:
    if part.is_number:
        if abs(part) != 1:
            yield abs(part).doit()
        return
    for inner in (part.base,) if isinstance(part, sympy.Pow) else part.args:
        yield from _constants(inner)


def places() -> dict[str, str]:
    """The key of the theorem that a proof names by its place in the theory, such as T5."""
    return {t.source.place.removeprefix("theory, "): t.key for t in catalogue.CATALOGUE if t.source.key == OURS}


def tokens(kind: type) -> dict[str, list[Name]]:
    """Quantities, hypotheses or worked problems by the title of the file that they are written in."""
    groups: defaultdict[str, list[Name]] = defaultdict(list)
    for name in names("linrep.symbols"):
        if isinstance(name.value, kind):
            title = (inspect.getdoc(sys.modules[name.origin]) or name.origin).partition("\n")[0]
            groups[title.rstrip(".:;")].append(name)
    return groups


def users() -> Mapping[str, Collection[str]]:
    """For the name of each token the keys of the theorems that speak of it, in the order of the catalogue."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for theorem in catalogue.CATALOGUE:
        in_proof = (q for step in theorem.steps for q in (*step.left.inputs, *step.right.inputs))
        for token in (theorem.bounds, *theorem.inputs, *in_proof, *theorem.hypotheses, *theorem.attained_on):
            found[token.name][theorem.key] = None
    return found


def spread(quantity: Quantity) -> str:
    """The range of a quantity in LaTeX.

    >>> from linrep.symbols import LOSS
    >>> spread(LOSS).startswith("[") or spread(LOSS).startswith("(")
    True
    """
    low = r"(-\infty" if quantity.lower is None else f"[{quantity.lower:g}"
    return f"{low}, " + (r"\infty)" if quantity.upper is None else f"{quantity.upper:g}]")


def write(render: Callable[..., str], folder: Path, put: Callable[[Path, str], None]) -> None:
    """All pages of the chapter.

    Args:
        render: (template, values) -> text.
        folder: where they go.
        put: writes a text into a file.
    """
    chapter = pages()
    shared = {"heading": heading, "prose": prose, "formal": formal, "sentence": sentence, "spread": spread}
    for page in chapter:
        put(folder / f"{page.name}.rst", render("theorems.rst.jinja", page=page, places=places(), **shared))
    put(folder / "catalogue.rst", render("catalogue.rst.jinja", chapter=chapter, tokens=TOKENS, **shared))
    for title, kind in TOKENS.items():
        values = {"groups": tokens(kind), "users": users(), **shared}
        put(folder / f"{title}.rst", render(f"{title}.rst.jinja", **values))
