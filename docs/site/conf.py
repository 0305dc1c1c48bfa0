"""Sphinx's settings; `python docs/site` builds."""

from __future__ import annotations

from importlib.metadata import version as version_of
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import docstrings

project = "et-testbed"
author = "the authors of et-testbed"
release = version_of("et-testbed")
html_title = f"et-testbed {release}"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.mathjax", "sphinx_copybutton"]

# Headings get the anchors that they have on GitHub, so that a link works in both places
myst_heading_anchors = 4
myst_enable_extensions = ["dollarmath"]
# Notebooks have their outputs; tests/docs executes them and compares
nb_execution_mode = "off"
nb_merge_streams = True

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
maximum_signature_line_length = 88
default_role = "code"

html_theme = "furo"
html_favicon = "ticket.svg"
html_copy_source = False
html_show_copyright = False
copybutton_exclude = ".linenos, .gp, .go"

# One file, whose formulas are drawn as paths: no fonts, and nothing is asked of the network
_mathjax = Path(find_spec("sphinx-mathjax-offline").origin).parent / "static" / "mathjax"
mathjax_path = "tex-svg.js"
mathjax3_config = {"options": {"enableMenu": False}}
html_static_path = ["static", str(_mathjax / "tex-svg.js")]
html_css_files = ["site.css"]
html_js_files = ["offline.js"]


def setup(app: Any) -> None:
    app.connect("autodoc-process-docstring", docstrings.process)
