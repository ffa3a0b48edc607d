"""The report in a real browser: no errors, sorting and filtering, dark and narrow, accessible."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from linrep.bounds import CATALOGUE
from proofs_check import report, verify
from proofs_check.embedded import embedded
from proofs_check.report._example_one import numbers
from proofs_check.report._explorer import READINGS
from tests.tolerances import PAGE

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install -e '.[dev]'")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the path: apt-get install chromium")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
PHONE = 390
"""Width of a phone's screen in pixels."""


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("out")
    verify.run(embedded(0, 2)[:8], CATALOGUE, place, seed=0, pictures=["families"])
    return report.write(place)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        found = started.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield found
        found.close()


def opened(browser: Any, path: Path, **options: Any) -> tuple[Any, list[str]]:
    """The page, and what the console said of errors."""
    page, said = browser.new_context(**options).new_page(), []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(path.as_uri())
    return page, said


def test_sorting_and_filtering(browser: Any, page_file: Path):
    page, said = opened(browser, page_file)
    rows = page.locator("#catalogue tbody tr")
    assert rows.count() == len(CATALOGUE)
    page.get_by_role("button", name="Applies").click()
    numbers = [int(text) for text in page.locator("#catalogue tbody tr td:nth-child(3)").all_text_contents()]
    assert numbers == sorted(numbers)
    page.get_by_role("button", name="Applies").click()
    assert page.locator("#catalogue th[aria-sort=descending]").count() == 1
    page.get_by_label("Words").fill("saunshi22")
    shown = sum(t.key.startswith("saunshi22") for t in CATALOGUE)
    assert page.locator("#catalogue tbody tr:visible").count() >= shown > 0
    assert page.locator("#found").text_content().startswith(f"{page.locator('#catalogue tbody tr:visible').count()} of")
    page.get_by_label("Words").fill("no such theorem")
    assert page.locator("#catalogue tbody tr:visible").count() == 0
    assert said == []


def test_link_opens_a_theorem(browser: Any, page_file: Path):
    page, said = opened(browser, page_file)
    page.get_by_role("link", name=CATALOGUE[0].key, exact=True).first.click()
    assert page.locator(f"details[id='t-{CATALOGUE[0].key}']").get_attribute("open") is not None
    assert said == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_narrow_page_does_not_scroll_sideways(browser: Any, page_file: Path, scheme: str):
    page, said = opened(browser, page_file, viewport={"width": PHONE, "height": 800}, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    assert said == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_violation(browser: Any, page_file: Path, scheme: str):
    axe = Path(os.environ.get("AXE_CORE", "node_modules/axe-core/axe.min.js"))
    if not axe.is_file():
        pytest.skip(f"axe-core is not at {axe}: npm install axe-core, or name the file in AXE_CORE")
    page, _ = opened(browser, page_file, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((d, i) => { d.open = i < 4; })")
    page.add_script_tag(path=str(axe))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in found if v["impact"] in ("serious", "critical")] == []


SLIDES = [
    {"D": 50, "k": 10, "degree": 0, "dim": 10, "low": 0.0, "suboptimality": -1.5, "N": 20},
    {"D": 20, "k": 3, "degree": 2, "dim": 12, "low": 0.35, "suboptimality": -2.0, "N": 12},
    {"D": 12, "k": 4, "degree": 4, "dim": 200, "low": 0.0, "suboptimality": 0.0, "N": 40},
    {"D": 30, "k": 5, "degree": 3, "dim": 4, "low": 0.9, "suboptimality": -0.35, "N": 8},
    {"D": 5, "k": 40, "degree": 1, "dim": 6, "low": 0.1, "suboptimality": -1.0, "N": 30},
]
MOVE = """(at) => {
    for (const [name, value] of Object.entries(at))
        document.querySelector(`#explorer input[name=${name}]`).value = value;
    document.getElementById("explorer").dispatchEvent(new Event("input"));
}"""
READ = "[...document.querySelectorAll('#explorer [data-name]')].map((c) => [c.dataset.name, c.dataset.value])"
CURVES = "[...document.querySelectorAll('#explorer-plot [data-curve]')].map((c) => c.getAttribute('d')).join(' ')"


def chosen(slide: dict[str, float]) -> dict[str, float]:
    """What the sliders mean: two of them move exponents, and there are no more kept coordinates than coordinates."""
    k, epsilon, inputs = min(slide["k"], slide["D"]), 10.0 ** slide["suboptimality"], 2 ** int(slide["N"])
    return {**slide, "k": k, "suboptimality": epsilon, "N": inputs}


def wrong_readings(page: Any) -> list[tuple[int, str]]:
    """Where the page shows another number than Python has."""
    found = []
    for i, slide in enumerate(SLIDES):
        page.evaluate(MOVE, slide)
        wanted = numbers(chosen(slide))
        for name, text in page.evaluate(READ):
            shown = float("nan") if text == "NaN" else float(text)
            if not np.isclose(shown, wanted[name], rtol=PAGE, atol=PAGE, equal_nan=True):
                found.append((i, name))
    return found


def test_explorer_shows_the_numbers_of_python(browser: Any, page_file: Path):
    page, said = opened(browser, page_file)
    assert len(page.evaluate(READ)) == len(READINGS)
    assert wrong_readings(page) == []
    assert said == []


def test_a_wrong_formula_in_the_page_is_caught(browser: Any, page_file: Path, tmp_path: Path):
    text = page_file.read_text(encoding="utf-8")
    broken = tmp_path / "broken.html"
    broken.write_text(text.replace("(16/7)*suboptimality", "(17/7)*suboptimality"), encoding="utf-8")
    page, _ = opened(browser, broken)
    assert wrong_readings(page) == [(0, "ours")]


def test_keys_move_a_slider_and_the_curves(browser: Any, page_file: Path):
    page, said = opened(browser, page_file)
    for name in ("D", "k", "degree", "dim", "low", "suboptimality", "N"):
        page.evaluate(MOVE, SLIDES[1])
        slider = page.locator(f"#explorer input[name={name}]")
        curves, readings, text = page.evaluate(CURVES), page.evaluate(READ), slider.get_attribute("aria-valuetext")
        slider.focus()
        page.keyboard.press("ArrowRight")
        assert slider.get_attribute("aria-valuetext") != text
        assert name == "D" or page.evaluate(READ) != readings
        assert name not in ("k", "low") or page.evaluate(CURVES) != curves
    assert said == []
