"""The Sphinx extension of this site: pages made from the source, formulas without scripts, names that must be there."""

import re
from pathlib import Path
from typing import Any

import jinja2
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from proofs_check.report._maths import mathml
from site_pages import api, theory
from site_pages.names import missing, public
from site_pages.text import docstring

GENERATED = "generated"
TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=False,  # reStructuredText, not HTML
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
LINKS = (
    (re.compile(r"\]\((?:\.\./)?examples/(\w+)\.py\)"), rf"]({GENERATED}/examples/\1.rst)"),
    (re.compile(r"\]\(\.\./CONTRIBUTING\.md\)"), "](contributing.md)"),
)
"""Where a page of `docs` points out of the folder, and where the site has the same."""


def render(template: str, **values: Any) -> str:
    """A page from its template."""
    return TEMPLATES.get_template(template).render(**values)


def put(path: Path, text: str) -> None:
    """Write a page where it differs, so that an unchanged one is not built again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def generate(app: Sphinx) -> None:
    """Write the pages that are made from the source."""
    folder = Path(app.srcdir) / GENERATED
    theory.write(render, folder / "theory", put)
    api.write(render, folder / "api", put)


def redirect(app: Sphinx, page: str, source: list[str]) -> None:
    """Point the links of a page to the pages of the site."""
    for pattern, target in LINKS:
        source[0] = pattern.sub(target, source[0])


def escape(app: Sphinx, what: str, name: str, value: Any, options: Any, lines: list[str]) -> None:
    """Docstrings are plain text: what they say is not markup, and "whether: …" is no type followed by words."""
    docstring(lines)
    if what in ("attribute", "property"):
        lines.insert(0, "")


def skip(app: Sphinx, what: str, name: str, value: Any, skipped: bool, options: Any) -> bool | None:
    """Fields of a named tuple have no words of their own; those of its docstring say what they are."""
    return True if type(value).__name__ == "_tuplegetter" else None


def complain(app: Sphinx, env: Any) -> None:
    """Warn of every public name that no page documents; the build runs with warnings as errors."""
    for sentence in missing(public(), env.domains["py"].objects):
        logging.getLogger(__name__).warning(sentence, type="linrep", subtype="undocumented")


def inline(self: Any, node: nodes.Element) -> None:
    """A formula in a line."""
    self.body.append(str(mathml(node.astext())))
    raise nodes.SkipNode


def block(self: Any, node: nodes.Element) -> None:
    """A formula that stands alone; a narrow page scrolls it by itself."""
    formula = str(mathml(node.astext())).replace('display="inline"', 'display="block"', 1)
    self.body.append(f'<div class="formula" tabindex="0">{formula}</div>\n')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    app.connect("builder-inited", generate, priority=100)
    app.connect("source-read", redirect)
    app.connect("autodoc-process-docstring", escape, priority=100)
    app.connect("autodoc-skip-member", skip)
    app.connect("env-check-consistency", complain)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
