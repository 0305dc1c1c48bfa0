"""Every pricing rule of the primary market in a run: sold, burned and found sound; bad parameters refused."""

from __future__ import annotations

import pytest

from experiments import InputError, run
from experiments.lab.verify import verify_run
from market.auctions import SPECIAL
from market.primary import INTERCHANGEABLE, PRICING

AGENTS = [
    {"strategy": "keep", "role": "seller", "count": 3, "can_build": True},
    {"strategy": "truthful", "role": "builder", "count": 2},
]
SHADING = [{"strategy": "shade", "role": "buyer", "count": 5}]
"""In a special format those bid who have a bid in it."""
PARAMETERS = {"dutch": ["market.dutch.start_eth=2"], "posted": ["market.primary_reserve=0.02"]} | {
    name: [f"market.{name}.start_eth=0.02"] for name in ("eip1559", "amm", "elowsson")
}
LOTTERY = ["chain.draw=lottery", "chain.supply=8", "chain.maturity=none", "reward.process=uniform"]


def run_with(rule, *more, out=None):
    overrides = [*LOTTERY, f"market.primary={rule}", *PARAMETERS.get(rule, ()), *more]
    agents = SHADING if rule in SPECIAL else AGENTS
    return run(
        {
            "agents": agents,
            "reward": {"process": "uniform", "low": 0, "high": 0.1},
        },
        blocks=60,
        overrides=overrides,
        out=out,
    )


SEALED = ("first_price", "english", "dutch", "third_price", "pay_as_bid")
ALIKE = pytest.mark.slow  # they go the way of second_price and uniform_price, with another winner's price


@pytest.mark.parametrize("rule", [pytest.param(rule, marks=ALIKE if rule in SEALED else ()) for rule in PRICING])
def test_a_run_sells_burns_and_is_sound(rule, tmp_path):
    result = run_with(rule, "market.primary_cap=5", out=tmp_path / "run")
    report = verify_run(result.path)
    assert report.is_sound, report
    primary = result.trades[result.trades["market"] == "primary"]
    assert len(primary) > 30
    assert primary.groupby("slot").size().max() <= 5
    assert len(result.violations) == 0
    burned = result.payments.loc[result.payments["payee"].eq("burned"), "amount_gwei"].sum()
    assert burned >= primary["price_gwei"].sum() > 0
    assert (burned > primary["price_gwei"].sum()) == (rule in ("tullock", "all_pay"))


@pytest.mark.parametrize(
    ("overrides", "hint"),
    [
        (["market.primary=vickrey"], "market.primary"),
        (["market.primary_cap=0"], "primary_cap"),
        (["market.primary=eip1559", "market.eip1559.target=8"], "less than chain.supply, 8"),
        (["market.primary=eip1559", "market.eip1559.adjustment=1.5"], "adjustment"),
        (["market.primary=eip1559", "market.eip1559.updates=3"], "updates"),
        (["market.primary=amm", "market.amm.steepness=0"], "steepness"),
        (["market.primary=elowsson", "market.elowsson.start_eth=0"], "start_eth"),
        (["market.primary=dutch", "market.dutch.start_eth=1", "market.primary_reserve=2"], "no one could buy"),
    ],
)
def test_bad_parameters_are_refused(overrides, hint):
    with pytest.raises(InputError, match=hint):
        run_with("second_price", *overrides)


@pytest.mark.parametrize("rule", sorted(INTERCHANGEABLE))
def test_tickets_for_blocks_of_their_own_are_no_units_of_one_good(rule):
    with pytest.raises(InputError, match="lot by lot"):
        run({"agents": AGENTS}, blocks=10, overrides=[f"market.primary={rule}"])
