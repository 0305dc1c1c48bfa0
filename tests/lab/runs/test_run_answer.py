"""The sentences that a run begins its text with."""

from __future__ import annotations

import numpy as np
import pytest

from experiments import run
from experiments.lab.runs.estimates import BATCHES, FEWEST_BLOCKS, Estimate, Rarity, estimate, ratio_estimate
from experiments.lab.runs.fortune import Fortune, read_fortunes
from experiments.lab.runs.run_answer import alone, compared, digits, luck_of, told_difference, with_error


def fortune(worth, expected, paid, has_tickets=True, sold=None):
    worth, expected, paid = (np.array(values, dtype=float) for values in (worth, expected, paid))
    had = np.ones(len(worth), bool) if sold is None else np.array(sold, dtype=bool)
    fair = paid - (0 if has_tickets else worth - expected)
    luck = {"holder": float((worth - expected)[had].sum())}
    return Fortune(has_tickets, worth, expected, paid, fair, luck, int(had.sum()), had)


def test_a_ticket_and_a_sale_just_in_time_are_compared_as_they_came_and_as_expected():
    ticket, block = fortune([1, 2], [2, 3], [1.5, 2.5]), fortune([1, 2, 9], [2, 3, 9], [0.5, 1.5, 9], False)
    assert list(compared("et", "pbs", {"et": ticket, "pbs": block})) == [
        "On the same 2 blocks a ticket sold ahead (et) brought the protocol 2.000 ETH a block, and a sale just in "
        "time (pbs) brought the proposer 1.000.",
        "Expected, luck apart, are 2.000 and 2.000: a difference of 0 ETH (too few blocks for its uncertainty).",
    ]


@pytest.mark.parametrize(
    ("difference", "said"),
    [
        (Estimate(-1e-8, 2e-5), "0.00000 ± 0.00002 ETH (95%), so none that this run shows"),
        (Estimate(0.00331, 0.0012), "0.0033 ± 0.0012 ETH (95%), so the ticket brings more"),
        (Estimate(-0.3, 0.04), "-0.30 ± 0.04 ETH (95%), so the ticket brings less"),
        (Estimate(0.0, 0.0), "0 ± 0 ETH (95%), so none that this run shows"),
    ],
)
def test_a_difference_is_said_with_its_uncertainty_and_what_it_shows(difference, said):
    assert told_difference(difference) == f"a difference of {said}"


def test_luck_is_named_with_its_sign_who_bears_it_and_how_rare_it_is():
    bad, good = fortune([1, 2], [4, 4], [3, 3]), fortune([9, 9], [4, 4], [3, 3])
    assert luck_of(bad, Rarity(0.25, 40)) == (
        "The run was unlucky by 5.000 ETH, which those who held tickets lost: its blocks were worth 3.000 where "
        "8.000 were expected when their tickets were sold; in 25% of 40 other runs by this law the blocks are "
        "worth less than here."
    )
    assert luck_of(good, None).startswith("The run was lucky by 10.00 ETH, which those who held tickets gained: ")
    assert luck_of(bad, Rarity(0.6, 40)).endswith(" are worth less than here, for few blocks make the mean.")
    spot = luck_of(fortune([1, 2], [4, 4], [3, 3], False), None)
    assert "held tickets" not in spot
    assert "expected before block 0" in spot
    assert luck_of(fortune([4, 4], [4, 4], [3, 3]), None).startswith("No luck is in it")


def test_blocks_without_a_sold_ticket_are_named_and_their_luck_is_nobodys():
    own = fortune([1, 2, 9], [4, 4, 1], [3, 3, 0], sold=[1, 1, 0])
    assert alone("et", own).startswith(
        "1 of 3 blocks had no sold ticket: 9.000 of the 12.00 ETH that all were worth were nobody's. Tickets sold "
        "ahead (et) brought the protocol 2.000 ETH a block of all, which was worth 4.000, or 3.000 a block with a "
        "sold ticket, which was worth 1.500. Expected, luck apart, are 2.000 of 3.000 a block of all: "
    )
    assert luck_of(own, None) == (
        "The run was unlucky by 5.000 ETH, which those who held tickets lost: the 2 blocks with a sold ticket "
        "were worth 3.000 where 8.000 were expected when their tickets were sold."
    )
    assert "a ticket sold ahead" in alone("et", fortune([1, 2], [4, 4], [3, 3]))
    first = next(compared("et", "pbs", {"et": own, "pbs": fortune([1, 2, 9], [4, 4, 1], [1, 1, 1], False)}))
    assert first.startswith(
        "On the same 3 blocks, 1 of which had no sold ticket under et, a ticket sold ahead (et) brought the "
        "protocol 2.000 ETH for each of the 3 blocks, and"
    )


def test_luck_that_holders_did_not_bear_alone_is_told_apart_and_is_not_told_where_they_choose():
    own = fortune([1, 2], [4, 4], [3, 3])
    given_back = luck_of(own._replace(luck={"holder": -2.0}), None)
    assert "unlucky by 5.000 ETH, of which those who held tickets lost 2.000: its blocks" in given_back
    assert "unlucky by 5.000 ETH: its blocks" in luck_of(own._replace(luck=None), None)


def test_the_luck_that_is_told_is_that_of_the_agents_where_blocks_go_unsold():
    few = {"strategy": "at_once", "role": "seller", "parameters": {"capacity": 3}}
    agents = [few, {"strategy": "truthful", "role": ["buyer", "builder"], "count": 2}]
    chain = {"supply": 33, "maturity": 32, "draw": "lottery", "lookahead": 4}
    result = run({"blocks": 20, "chain": chain, "agents": agents}, signatures="off")
    own = read_fortunes({"et": result.path})["et"]
    assert 0 < own.unsold < 20
    assert sum(own.luck.values()) == pytest.approx(own.surprise)
    assert own.surprise != pytest.approx((own.worth - own.expected).sum())


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.0258174, "0.02582"), (-8.6333, "-8.633"), (196.9199, "196.9"), (1e6, "1,000,000")],
)
def test_amounts_have_four_digits(value, text):
    assert digits(value) == text


def test_the_interval_of_a_mean_covers_it_also_where_blocks_are_alike():
    rng = np.random.default_rng(5)
    covered = 0
    for _ in range(300):
        noise = rng.standard_normal(64 * BATCHES)
        near = np.convolve(noise, np.ones(8), mode="same")  # each shares seven parts of eight with the next
        own = estimate(near)
        covered += abs(own.mean) <= own.half
    assert 0.89 <= covered / 300 <= 0.99
    assert estimate(noise[: FEWEST_BLOCKS - 1]).half is None
    share = ratio_estimate(2 + 0.5 * noise, 4 + noise)
    assert (share.mean, share.half) == pytest.approx((0.5, 0))
    assert with_error(share) == "0.5000 ± 0" or share.half > 0


def test_both_ways_bring_the_same_where_theory_says_so_whatever_the_luck():
    """Second price, no costs of entry, exponential rewards: a ticket brings what a block does just in time."""
    reward = {"process": "exponential", "mean": 0.1}
    result = run({"blocks": 400, "reward": reward, "market": {"structure": ["pbs", "et"]}}, signatures="off")
    text = words(result)
    assert text.startswith("On the same 400 blocks a ticket sold ahead (et) brought the protocol 0.0")
    assert ", so none that this run shows. The run was " in text
    assert "other runs by this law the blocks are worth less than here." in text
    assert "one held the right to it: it has mean 0 whatever one does" in text
    assert text.count("proposers are given their blocks") == 1


def words(result):
    """What is told of a run, in one line."""
    return " ".join(str(result).split())


def test_constant_rewards_have_no_luck_and_a_file_has_no_law(population, tmp_path):
    constant = {"blocks": 9, "agents": population, "reward": {"process": "constant", "value": 0.1}}
    assert "No luck is in it: the blocks were worth what was expected" in words(run(constant, signatures="off"))
    (tmp_path / "r.csv").write_text("block,payment_eth\n" + "".join(f"{block},0.1\n" for block in range(9)))
    replay = constant | {"reward": {"process": "replay", "file": str(tmp_path / "r.csv")}}
    text = words(run(replay, signatures="off"))
    assert text.startswith(
        "What of this run is luck cannot be said: the rewards are payments of a file: they have no law."
    )
    assert "expected" not in text.split("kept as")[0].split("capture of expected")[0]
