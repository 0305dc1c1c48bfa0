"""Brackets of JSON are told from those that stand in its texts."""

from __future__ import annotations

import json

import pytest

from chain.nesting import brackets_of


@pytest.mark.parametrize(
    ("data", "brackets"),
    [
        ({}, "{}"),
        ([[], {"a": [1, 2]}], "[[]{[]}]"),
        ({"[": ["]{", '"[', '\\"[', "\\"]}, "{[]}"),
        ("[{", ""),
        ({'\\\\"]': '"\\'}, "{}"),
    ],
)
def test_brackets_in_texts_are_none(data, brackets):
    for indent in (None, 2):
        assert brackets_of(json.dumps(data, indent=indent).encode()) == brackets.encode()
