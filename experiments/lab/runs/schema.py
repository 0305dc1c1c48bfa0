"""What there is to configure and what is recorded, written out from the code itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from chain.ledger import PAYMENTS
from chain.records import KINDS, Schema
from chain.titles import TICKETS, TRANSFERS
from experiments.lab.config.config import Config
from experiments.lab.config.faults import section
from experiments.lab.config.reward import PROCESSES
from market.auction_rows import AUCTIONS, BIDS
from market.exchange import ORDERS
from market.slot.blocks import BLOCKS, SIGNALS
from market.slot_auction.slot_market import SLOT_BIDS
from market.trades import TRADES
from market.violations import VIOLATIONS

SCHEMAS: tuple[Schema, ...] = (
    BLOCKS,
    TICKETS,
    ORDERS,
    TRADES,
    AUCTIONS,
    BIDS,
    TRANSFERS,
    PAYMENTS,
    VIOLATIONS,
    SIGNALS,
)
"""The tables of every run."""

EXTRA: tuple[Schema, ...] = (SLOT_BIDS,)
"""The tables of a run whose config asks for them."""


class ConfigKey(NamedTuple):
    """One key of a config: where it stands, its default as TOML would write it, and what it means."""

    name: str
    default: str
    meaning: str


def table_lines(schema: Schema) -> list[tuple[str, str, str]]:
    """The columns of a table: name, stored type, meaning."""
    return [(column.name, stored(column.kind), column.meaning) for column in schema.columns]


def stored(kind: str) -> str:
    """The type of a column in the file."""
    return "category" if "dictionary" in str(KINDS[kind]) else str(KINDS[kind])


def config_keys() -> list[ConfigKey]:
    """Every key of the config, in the order of the file."""
    return list(_keys(Config, ""))


def _keys(model: type[BaseModel], prefix: str) -> Iterator[ConfigKey]:
    for name, field in model.model_fields.items():
        if name == "reward":
            yield from _reward_keys()
        elif (inner := section(field.annotation)) is not None:
            yield from _keys(inner, f"{prefix}{name}{'[]' if name == 'agents' else ''}.")
        else:
            yield ConfigKey(prefix + name, as_toml(field), field.description or "")


def _reward_keys() -> Iterator[ConfigKey]:
    yield ConfigKey("reward.process", '"mevboost_2026"', f"R_t: one of {', '.join(PROCESSES)}")
    for process, model in PROCESSES.items():
        for name, field in model.model_fields.items():
            if name != "process":
                yield ConfigKey(f"reward.{name}", as_toml(field), f"({process}) {field.description}")


def as_toml(field: Any) -> str:
    """A field's default."""
    default = field.get_default(call_default_factory=True)
    if default is PydanticUndefined:
        return "(needed)"
    if default is None:
        return "(left out)"
    if isinstance(default, bool):
        return str(default).lower()
    return f'"{default}"' if isinstance(default, str) else str(default)


assert get_args(Config.model_fields["agents"].annotation), "agents is a tuple of groups"
