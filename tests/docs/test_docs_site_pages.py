"""What the site makes of pages, docstrings and the code's own lists, before Sphinx has them."""

from __future__ import annotations

import importlib
import re

import pytest

from chain.rpc.methods.all_methods import METHODS
from experiments.lab.config.config_keys import config_keys
from experiments.lab.models.model.model_keys import model_keys
from experiments.lab.runs.schema import EXTRA, SCHEMAS
from strategies.finding import SHELVES, own_strategies
from tests.places import DOCS, ROOT

STYLE = DOCS / "site" / "static" / "site.css"


@pytest.fixture
def site(monkeypatch):
    """A module of docs/site by its name."""
    monkeypatch.syspath_prepend(DOCS / "site")
    return importlib.import_module


def named(page):
    return set(re.findall(r"(?<!`)`([^`\n]+)`(?!`)", page))


def test_the_reference_names_all_that_there_is(site):
    pages = {name: page() for name, page in site("reference_pages").PAGES.items() if name != "commands"}
    assert {key.name for key in config_keys()} <= named(pages["config"])
    assert {key.name for key in model_keys()} <= named(pages["model"])
    assert {table.name for table in (*SCHEMAS, *EXTRA)} <= named(pages["tables"])
    assert {column.name for table in SCHEMAS for column in table.columns} <= named(pages["tables"])
    assert {name for role in SHELVES for name in own_strategies(role)} <= named(pages["strategies"])
    assert set(METHODS) <= named(pages["rpc"])


@pytest.mark.slow  # imports all that there is
def test_each_face_is_described_and_each_name_once(site):
    api = site("api_pages")
    pages = [api.face_page(name, title) for name, title in api.FACES.items()]
    described = re.findall(r"\.\. auto\w+:: (\S+)", "\n".join(pages))
    assert {"et_testbed.run", "strategies.View", "market.Award", "chain.State"} <= set(described)
    assert len(described) == len(set(described)) > 100


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a * b, R_t | `x|y_z`", r"a \* b, R\_t \| `x\|y_z`"),
        ("over\n   lines [0, 1]", r"over lines \[0, 1\]"),
    ],
)
def test_text_of_the_code_is_no_markup(site, text, shown):
    assert site("escaping").escaped(text) == shown


def test_docstrings_are_no_markup_but_for_code(site):
    assert site("docstrings").as_rst(["The `view` of *all*, |x|", "and `a_`, b_."]) == [
        r"The ``view`` of \*all\*, \|x\|",
        r"and ``a_``, b\_.",
    ]


def test_links_lead_to_the_same_from_where_a_page_is_on_the_site(site, tmp_path):
    staging, source = site("staging"), tmp_path / "source"
    staging.stage(ROOT, source)
    readme = (source / "project" / "readme.md").read_text()
    assert "[](../strategies.md)" in readme
    assert "](contributing.md)" in readme
    assert "](files/experiments/configs/structures.toml)" in (source / "structures.md").read_text()
    assert (source / "files" / "experiments" / "configs" / "structures.toml").is_file()
    assert "[](project/changelog.md)" in (source / "metrics.md").read_text()
    assert "[`et-testbed schema --model`](reference/model.md)" in (source / "model.md").read_text()
    assert not [page for page in source.rglob("*.md") if "<!--" in page.read_text()]


def test_a_comment_leaves_its_lines(site):
    assert site("staging").without_comments("a\n<!-- numbers\n41 :: setting\n-->\nb\n") == "a\n\n\n\nb\n"


def test_only_heads_without_words_are_hidden():
    """Markdown writes an empty paragraph in each cell of such a head; pandas and the tool write no paragraphs."""
    rules = re.findall(r"^article thead(.*) \{ display: none; \}$", STYLE.read_text(), re.M)
    assert rules == [":has(p:empty):not(:has(p:not(:empty)))"]
