"""Each example is a script, a page of the gallery, and a notebook."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / "examples").glob("*.py"))
MARK = "#" * 79
"""Above a paragraph: what the gallery and jupytext tell words from code by."""


def paragraphs(source: str) -> int:
    """How many paragraphs of words a script has between its code."""
    return source.splitlines().count(MARK)


def title(source: str) -> str:
    """The title of a script: the first line of its docstring, underlined as long as it is."""
    first, line = (ast.get_docstring(ast.parse(source)) or "\n").splitlines()[:2]
    return first if line == "=" * len(first) else ""


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_has_a_title_and_words_between_its_code(script: Path):
    source = script.read_text(encoding="utf-8")
    assert title(source)
    assert paragraphs(source) >= 1


def test_a_title_that_is_not_underlined_is_none():
    assert title('"""Title\n=====\n"""') == "Title"
    assert title('"""Title\n====\n"""') == ""


def test_the_gallery_knows_the_order_of_all():
    gallery = pytest.importorskip("site_pages.gallery", reason="the extra `docs` is not installed")
    assert sorted(gallery.EXAMPLES) == [script.stem for script in SCRIPTS]


def test_the_readme_names_all():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [script.name for script in SCRIPTS if f"examples/{script.name}" not in readme] == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_is_a_notebook(script: Path):
    jupytext = pytest.importorskip("jupytext", reason="the extra `docs` is not installed")
    nbformat = pytest.importorskip("nbformat", reason="the extra `docs` is not installed")
    source = script.read_text(encoding="utf-8")
    notebook = jupytext.reads(source, fmt="py:sphinx")
    nbformat.validate(notebook)
    words = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    code = "\n".join(cell for cell in cells if not cell.startswith("%"))  # a notebook says that it shows pictures
    assert words[0].startswith(title(source))
    assert len(words) == 1 + paragraphs(source)
    assert ast.dump(ast.parse(code)) == ast.dump(ast.Module(ast.parse(source).body[1:], []))
