"""Every word that a config or a run is made of is named in README or docs, as code."""

from __future__ import annotations

import re

import pytest

from chain.rules import DRAW_RULES
from experiments.lab.config.config_keys import config_keys
from experiments.lab.config.reward import PROCESSES
from experiments.lab.runs.schema import EXTRA, SCHEMAS
from market.auctions import FORMATS
from market.cost_laws import COST_LAWS
from market.primary import PRICING
from market.time_in_force import TIFS
from tests.places import DOCS, ROOT


@pytest.fixture(scope="module")
def named() -> set[str]:
    pages = [ROOT / "README.md", *DOCS.glob("*.md")]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    code = re.findall(r"```.*?```", text, re.DOTALL) + re.findall(r"`[^`\n]+`", text)
    return set(re.findall(r"\w+", "\n".join(code)))


@pytest.mark.parametrize(
    "words",
    [
        pytest.param({key.name.split(".")[-1] for key in config_keys()}, id="keys of a config"),
        pytest.param(set(PROCESSES), id="reward processes"),
        pytest.param(set(COST_LAWS), id="laws of costs"),
        pytest.param(set(DRAW_RULES), id="draw rules"),
        pytest.param(set(FORMATS), id="auction formats"),
        pytest.param(set(TIFS), id="times in force"),
        pytest.param(set(PRICING), id="pricing rules"),
        pytest.param({table.name for table in (*SCHEMAS, *EXTRA)}, id="tables"),
    ],
)
def test_the_docs_name_all(named, words):
    assert words - named == set()
