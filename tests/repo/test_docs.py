"""The documentation says something of every public name and every theorem; the built site, where it is given, does."""

import doctest
import functools
import inspect
import os
import zlib
from pathlib import Path
from types import ModuleType

import pytest

import linrep as lr
import proofs_check as pc
from linrep.bounds import CATALOGUE, linrep26, saunshi22
from site_pages import api, text, theory
from site_pages.names import Name, home, homes, missing, modules, names, public
from site_pages.text import docstring, formal, heading, prose, sentence

SITE = os.environ.get("LINREP_SITE", "")
"""The folder of a built site."""


@functools.cache
def documented() -> frozenset[str]:
    """The names that the pages will describe, as they are written before the site is built."""
    listed = {n.path for page in api.pages().values() for n in page["listed"]}
    theorems = {t["path"] for page in theory.pages() for t in page.theorems}
    tokens = {n.path for kind in theory.TOKENS.values() for group in theory.tokens(kind).values() for n in group}
    return frozenset(listed | theorems | tokens)


def inventory(folder: Path) -> set[str]:
    """The names of Python that a built site lists: four lines of header, then a line an entry, compressed."""
    data = (folder / "objects.inv").read_bytes().split(b"\n", 4)[4]
    entries = (line.split(" ")[:2] for line in zlib.decompress(data).decode().splitlines())
    return {name for name, role in entries if role.startswith("py:")}


def test_every_public_name_has_a_place_and_words():
    assert missing(public(), documented()) == []


def test_a_name_without_a_place_or_without_words_is_reported():
    planted = Name("linrep", "forgotten", lambda: None, "", "linrep")
    found = missing([*public(), planted], documented())
    assert found == ["linrep.forgotten: not in the pages", "linrep.forgotten: no docstring"]


def test_a_page_that_loses_a_name_is_reported():
    assert missing(public(), documented() - {"linrep.solve"}) == [
        "linrep.solve: not in the pages",
        "linrep.solutions.solve: not in the pages",
    ]


def test_names_are_those_that_the_sources_offer():
    assert {"linrep", "linrep.evaluate", "linrep.bounds.linrep26", "proofs_check.plots"} <= set(modules())
    assert not any("._" in module for module in modules())
    evaluate = {n.name for n in names("linrep.evaluate")}
    assert {"evaluate", "compare", "COLUMNS"} <= evaluate
    assert "np" not in evaluate
    assert {n.name for n in names("linrep.bounds.saunshi22")} >= {"LINEAR_CLASS", "LOWER_BOUND"}
    assert "linear_class" not in {n.name for n in names("linrep.bounds.saunshi22")}


def test_every_entry_point_is_public():
    told = {n.path for n in public()}
    for module in (lr, pc):
        offered = [name for name, value in vars(module).items() if not name.startswith("_") and callable(value)]
        assert {f"{module.__name__}.{name}" for name in offered} <= told


def test_an_object_has_one_home():
    places = homes(public())
    solve = next(n for n in names("linrep.solutions") if n.name == "solve")
    assert home(solve, places).path == "linrep.solve"


def test_every_theorem_has_its_place_once():
    entries = [entry for page in theory.pages() for entry in page.theorems]
    assert sorted(entry["key"] for entry in entries) == sorted(t.key for t in CATALOGUE)
    by_key = {entry["key"]: entry for entry in entries}
    for theorem in CATALOGUE:
        entry = by_key[theorem.key]
        assert theorem.unavailable or entry["statement"]["latex"] == theorem.statement()
        assert len(entry["proof"]) + len(entry["beside"]) == len(theorem.steps)
        assert [h["name"] for h in entry["hypotheses"]] == [h.name for h in theorem.hypotheses]


def test_ours_stand_by_the_file_that_they_are_written_in():
    pages = {page.name: [t["key"] for t in page.theorems] for page in theory.pages()}
    assert pages["linrep26_minimisers"] == [linrep26.RISK_GAP_MEAN.key, linrep26.RISK_GAP_AUGMENTED.key]
    assert saunshi22.LINEAR_CLASS.key in pages["saunshi22"]


def test_constants_are_those_of_the_formula_as_it_is_written():
    told = {entry["key"]: entry["constants"] for page in theory.pages() for entry in page.theorems}
    assert told["saunshi22.linear_class"] == ["2", "4"]
    assert told["linrep26.hypercube"] == [r"\frac{16}{7}"]
    assert told["linrep26.risk_gap_mean"] == []


@pytest.mark.parametrize("word", ["a * b", "|x|", "name_", "\\lambda"])
def test_no_word_is_markup(word: str):
    assert prose(word) != word
    assert prose(f"`{word}`") == f"`{word}`"


def test_examples_in_docstrings_stay_as_they_are():
    lines = ["What *", "", ">>> 2 * 3", "6", "", "lower, upper: a * b", "    lower, upper: ends"]
    docstring(lines)
    assert lines == ["What \\*", "", ">>> 2 * 3", "6", "", "lower, upper: a \\* b", "    lower,upper: ends"]


def test_small_formulas_and_titles():
    assert formal("kappa_k <= lambda") == "κ_k ≤ λ"
    assert formal("the lambdas") == "the lambdas"
    assert [sentence(text) for text in ("any one", "a one", "k is")] == ["Any one", "A one", "k is"]
    assert prose("it *is* a*b*") == "it *is* a\\*b\\*"
    assert heading("a|b", 1) == "a\\|b\n----"


@pytest.mark.parametrize("module", [text, theory], ids=["text", "theory"])
def test_examples_of_the_builder_run(module: ModuleType):
    failed, attempted = doctest.testmod(module)
    assert attempted > 0
    assert failed == 0


def test_nobody_repeats_a_formula():
    """The chapter is made by code that names no theorem: it holds for those to come."""
    source = inspect.getsource(theory)
    assert [t.key for t in CATALOGUE if t.key in source] == []


@pytest.mark.skipif(not SITE, reason="no built site: set LINREP_SITE to its folder")
def test_the_built_site_lists_every_public_name():
    built = inventory(Path(SITE))
    assert missing(public(), built) == []
    assert missing(public(), built - {"linrep.Problem"})


@pytest.mark.skipif(not SITE, reason="no built site: set LINREP_SITE to its folder")
def test_the_built_site_asks_for_nothing_from_elsewhere():
    """Formulas are written out: a page loads no script and no font from another host."""
    page = (Path(SITE) / "generated" / "theory" / "saunshi22.html").read_text(encoding="utf-8")
    assert "<math" in page
    assert 'src="http' not in page
    assert 'rel="stylesheet" type="text/css" href="http' not in page
