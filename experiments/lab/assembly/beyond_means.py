"""Amounts of a config that nobody can pay, as those are that were meant in Gwei."""

from __future__ import annotations

from collections.abc import Iterator

from chain.money import GWEI_PER_ETH
from experiments.lab.assembly.assembly import Engine
from experiments.lab.config.config import Config


def beyond_means(engine: Engine) -> Iterator[str]:
    """A line for each amount that is more than what anyone begins with."""
    most = max((group.most_eth / group.count for group in engine.config.agents), default=0.0)
    for key, eth in asked_of_everyone(engine.config, engine.structure != "pbs"):
        if eth > most:
            yield (
                f"{key} is {eth:z,.10g} ETH, and nobody begins with more than {most:z,.10g} "
                f"(agents.*.endowment_eth): who is to pay it? {eth:z,.10g} Gwei are {eth / GWEI_PER_ETH:zg} ETH"
            )


def asked_of_everyone(config: Config, has_tickets: bool) -> Iterator[tuple[str, float]]:
    """What each bidder must have, ETH, by its key."""
    yield "cost.entry", config.cost.entry
    if has_tickets:
        yield "cost.primary_entry", config.cost.primary_entry
        yield "market.primary_reserve", config.market.primary_reserve
        yield "chain.collateral_eth", config.chain.collateral_eth
