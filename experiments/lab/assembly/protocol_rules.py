"""The ticket protocol that a config describes; engine and auditor each bring their own draw rule."""

from __future__ import annotations

from chain.money import eth_to_gwei
from chain.state import DrawRule, Rules
from experiments.lab.config.config import Chain


def protocol_rules(chain: Chain, draw: DrawRule) -> Rules:
    """The rules with the config's numbers; ETH become Gwei."""
    collateral = eth_to_gwei(chain.collateral_eth)
    return Rules(
        supply=chain.supply,
        maturity=None if chain.maturity == "none" else int(chain.maturity),
        lookahead=chain.lookahead,
        draw=draw,
        refund=chain.refund,
        haircut=chain.return_haircut,
        collateral=collateral,
        missed_fee=collateral if chain.missed_fee_eth is None else eth_to_gwei(chain.missed_fee_eth),
        owner_cap=chain.owner_cap,
        elastic=chain.supply_rule == "elastic",
    )
