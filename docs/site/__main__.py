"""Build the site: `python docs/site [OUT]`, offline, into out/site unless told otherwise.

The pages of docs/ are the sources. They are copied to OUT/source with what is generated from the code, so that the
checkout stays as it is, and built to OUT/html.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from api_pages import write_api_pages
from reference_pages import write_reference_pages
from sphinx.cmd.build import main as sphinx_build
from staging import stage

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def build(out: Path) -> int:
    """Sphinx's exit code: 0 only where there was no warning."""
    shutil.rmtree(out, ignore_errors=True)
    source = out / "source"
    stage(ROOT, source)
    write_reference_pages(source / "reference")
    write_api_pages(source / "reference" / "api")
    options = [
        "--fail-on-warning",
        "--keep-going",
        "--quiet",
        "--fresh-env",
        "--doctree-dir",
        str(out / "doctrees"),
    ]
    return sphinx_build([*options, "--conf-dir", str(HERE), str(source), str(out / "html")])


if __name__ == "__main__":
    place = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "out" / "site"
    sys.exit(build(place.resolve()))
