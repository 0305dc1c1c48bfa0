"""What a manifest says of a run before its first block."""

from __future__ import annotations

from typing import Any

from chain.rules import DRAW_RULES
from chain.rules.claim import window
from chain.state import DrawRule, Rules
from experiments.lab.assembly.assembly import Engine
from experiments.lab.config.config import Config
from experiments.lab.runs.folder import FORMAT, versions
from market.primary import OwnPricing, Rule


def describe(engine: Engine) -> dict[str, Any]:
    """The manifest of one structure as it is known before the first block."""
    accounts = [
        {
            "name": account.name,
            "address": "0x" + account.address.hex(),
            "roles": engine.roles.get(account.number, []),
        }
        for account in engine.state.accounts
    ]
    return manifest(
        engine.config,
        structure=engine.structure,
        signatures=kind_of(engine),
        beacon_seed="0x" + engine.state.beacon.seed.hex(),
        accounts=accounts,
        **identified(engine.state.rules),
        **stated(engine.state.rules.draw),
        **stated_pricing(engine.market.pricing),
        **({} if engine.own_mean is None else {"stated_rewards": {"mean_gwei": engine.own_mean}}),
        files=engine.files,
        finished=False,
        **({"live": True} if engine.is_live else {}),
    )


def identified(rules: Rules) -> dict[str, Any]:
    """The rules id of its tickets, and what it hashes; nothing where there are no tickets."""
    if not rules.supply:
        return {}
    return {"rules": rules.preimage(), "rules_id": f"0x{rules.identity().hex()}"}


def stated(draw: DrawRule) -> dict[str, Any]:
    """What a draw rule of the user's own says of itself, for an audit that does not execute it. A plain function
    says nothing."""
    is_plain = draw.blocks is window and draw.span == 1
    if draw.name in DRAW_RULES or is_plain:
        return {}
    return {"stated_draw": {"span": draw.span}}


def stated_pricing(rule: Rule) -> dict[str, Any]:
    """What a pricing rule of the user's own is called: one with terms of its own, which an audit believes."""
    return {"stated_pricing": {"name": rule.called}} if isinstance(rule, OwnPricing) else {}


def kind_of(engine: Engine) -> str:
    """`ecdsa` or `unsigned`."""
    return type(engine.state.signatures).__name__.lower()


def manifest(config: Config, **more: Any) -> dict[str, Any]:
    """What every manifest says: the format, the versions, the seed and the resolved config."""
    return {
        "format": FORMAT,
        "versions": versions(),
        "seed": config.seed,
        "config": config.model_dump(mode="json"),
        **more,
    }
