"""The line of a strategy in the catalogue."""

from __future__ import annotations

import pytest

from experiments.lab.cli.catalogue import first_sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Bids all. Then more.", "Bids all"),
        ("By a rule (Wu et al. 2024) of costs. More.", "By a rule (Wu et al. 2024) of costs"),
        ("By Wu et al. A rule. More.", "By Wu et al. A rule"),
        ("For i.i.d. rewards, i.e. known ones.", "For i.i.d. rewards, i.e. known ones"),
    ],
)
def test_no_abbreviation_ends_the_first_sentence(text, sentence):
    assert first_sentence(text) == sentence
