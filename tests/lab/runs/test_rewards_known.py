"""What bidders know of rewards, from the config to what they pay."""

from __future__ import annotations

import pytest

from experiments import InputError, run


def played(knows, process="mevboost_2026"):
    return run({"blocks": 30, "reward": {"process": process, "knows": knows}}, signatures="off")


@pytest.mark.parametrize("process", ["mevboost", "mevboost_2026"])
def test_bidders_who_know_the_past_pay_otherwise_for_the_same_rewards(process):
    last, past = played("last", process), played("past", process)
    assert last.blocks["reward_gwei"].equals(past.blocks["reward_gwei"])
    assert not last.blocks["primary_gwei"].equals(past.blocks["primary_gwei"])


def test_another_word_is_refused():
    with pytest.raises(InputError, match=r"reward.*knows.*'last' or 'past'"):
        played("all")
