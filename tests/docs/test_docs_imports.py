"""What README and docs tell a user to import is shown by a face of the project, and is there."""

from __future__ import annotations

import ast
import re
from importlib import import_module

import pytest

from tests.extras import names_of
from tests.places import DOCS, ROOT

PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
OURS = ("chain", "market", "strategies", "experiments", "et_testbed")
FOR_USERS = {"chain", "market", "strategies", "et_testbed", "strategies.testing", "strategies.valuation"}
"""Faces that docs import from, and with them single strategies and experiments of the library."""


def imports(page):
    """Each (module, name) of ours that a page's blocks of Python import."""
    for block in re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] in OURS:
                yield from ((node.module, alias.name) for alias in node.names)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_docs_import_from_faces(page):
    found = set(imports(page))
    of_the_library = re.compile(r"strategies\.(sellers|buyers|builders)\.\w+|experiments\.\w+")
    assert {module for module, _ in found if not of_the_library.fullmatch(module)} <= FOR_USERS
    assert {(module, name) for module, name in found if name not in names_of(import_module(module))} == set()


def test_imports_are_seen():
    assert {name for page in PAGES for _, name in imports(page)} >= {"run", "State", "Experiment", "SlotBuilder"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_for_users_imports_from_the_laboratory(page):
    assert re.findall(r"(?:from|import) experiments\.lab.*", page.read_text(encoding="utf-8")) == []
