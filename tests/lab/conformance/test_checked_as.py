"""What was checked as something else than it was meant to be says so; a parameter is checked as a run does."""

from __future__ import annotations

import pytest

from experiments import InputError, check
from strategies import Buyer


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("def mine(state): return state.urn[0]", "it was checked as a pricing rule, by its arguments (state): "),
        ("def mine(view, lots): return [None for _ in lots]", "it was checked as a draw rule, by its arguments"),
    ],
)
def test_a_rule_with_other_arguments_says_as_what_it_was_checked(et_testbed, tmp_path, source, says):
    (tmp_path / "mine.py").write_text(source + "\n")
    done = et_testbed("check", "mine.py:mine", "--histories", "1", cwd=tmp_path)
    assert done.returncode == 1
    assert says in done.stderr
    assert "a draw rule is `def draw(state, block)`" in done.stderr


class Shades(Buyer):
    def __init__(self, shade: int = 1) -> None:
        self.shade = shade


def test_a_parameter_is_held_to_the_type_that_it_states():
    with pytest.raises(InputError, match=r"parameters\.shade: input should be a valid integer"):
        check(Shades, ["shade=0.5"], views=5)
