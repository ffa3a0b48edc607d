"""The report in a real browser: no errors, sorting and filtering, dark and narrow, accessible."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from linrep.bounds import CATALOGUE
from proofs_check import report, verify
from proofs_check.embedded import embedded

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
