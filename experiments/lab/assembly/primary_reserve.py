"""The reserve rule of the primary market that a config names; engine and auditor each make their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from chain.errors import BadAmount, RuleBroken
from chain.ledger import check_amount
from chain.money import eth_to_gwei
from chain.randomness import Streams
from chain.wording import shown
from experiments.lab.assembly.functions import load_own
from experiments.lab.assembly.own_laws import Blamed, derived, made
from experiments.lab.assembly.own_parameters import checked_parameters
from experiments.lab.assembly.own_pricing_rule import is_without_view as is_of_view
from experiments.lab.config.config import Config
from experiments.lab.config.reserve_keys import RULES
from market.price_remedy import amount_remedy
from market.primary import BeaconChance
from market.reserves import PastLot, ReserveFunction, ReserveRule, Reserves, ReserveView

SECTION = "market.reserve"
KEY = f"{SECTION}.rule"


class OwnReserve(ReserveRule):
    """A rule of the user's own: `RuleBroken` is raised for whatever it raises, with the user's own line."""

    def __init__(self, name: str, rule: ReserveRule) -> None:
        self._own = Blamed(name, rule)

    def reserve(self, view: ReserveView) -> int:
        gwei: int = self._own.asked("reserve", view)
        try:
            check_amount(gwei, "a reserve")
        except BadAmount as fault:
            text = f"the rule {shown(self._own.name)}: {fault}{amount_remedy(gwei)}"
            raise RuleBroken(text) from None
        return gwei

    def close(self, slot: int, lots: Sequence[PastLot]) -> None:
        self._own.asked("close", slot, tuple(lots))


def make_reserves(config: Config, folder: Path, streams: Streams) -> Reserves | None:
    """The reserves at the start of a run; None where the reserve is one number. Raises `InputError`."""
    section = config.market.reserve
    if section.is_fixed or not config.market.has_tickets:
        return None
    if not section.is_own:
        return asked_by(section.build(), config, streams)
    found = load_own(section.rule, KEY, RULES, folder)
    rule = own_reserve(found, section.rule, section.parameters)
    return asked_by(OwnReserve(section.rule, rule), config, streams)


def asked_by(rule: ReserveRule, config: Config, streams: Streams) -> Reserves:
    """The reserves of a run by its rule."""
    chance = BeaconChance(streams.secret("own_reserve"))
    return Reserves(rule, eth_to_gwei(config.market.primary_reserve), chance)


def own_reserve(found: object, name: str, given: Mapping[str, Any], section: str = SECTION) -> ReserveRule:
    """A rule of the user's own, with its parameters from the config. Raises `InputError`."""
    if callable(found) and is_of_view(found):
        return ReserveFunction(found, checked_parameters(found, given, f"{section}.parameters", name, beside=1))
    kind: type[ReserveRule] = derived(found, name, KEY, ReserveRule)
    return made(kind, name, given, section, {})
