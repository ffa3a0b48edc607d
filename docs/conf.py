"""How the documentation is built: `sphinx-build -W --keep-going -n docs out/site`."""

import sys
from importlib.metadata import version as installed
from pathlib import Path

import jax

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
jax.config.update("jax_enable_x64", True)  # the theory is evaluated in float64

project = "linrep"
author = "the authors of linrep"
version = release = installed("linrep")

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinxcontrib.bibtex",
    "sphinx_gallery.gen_gallery",
    "site_pages.extension",
]
exclude_patterns = ["site_pages", "sg_execution_times.rst", "**/sg_execution_times.rst"]
default_role = "code"
nitpick_ignore_regex = [
    (r"py:.*", r"(?!linrep|proofs_check).*"),  # names of other packages are not in this site
    (r"py:.*", r".*\._.*"),  # nor are private classes, which signatures mention
    (r"py:.*", r"proofs_check\.embedded\..*"),
]

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True  # CATALOGUE, and not all that is in it
napoleon_use_ivar = True
napoleon_numpy_docstring = False
python_maximum_signature_line_length = 88

bibtex_bibfiles = ["../linrep/bounds/references.bib"]
bibtex_reference_style = "author_year"

sphinx_gallery_conf = {
    "examples_dirs": ["../examples"],
    "gallery_dirs": ["generated/examples"],
    "filename_pattern": r"\.py",
    "within_subsection_order": "site_pages.gallery.InOrder",
    "write_computation_times": False,
    "remove_config_comments": True,
    "show_memory": False,
    "download_all_examples": False,
    "show_signature": False,
    "default_thumb_file": str(HERE / "static" / "script.png"),
}

html_theme = "furo"
html_title = "linrep"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_math_renderer = "mathml"
html_copy_source = False
html_show_copyright = False
