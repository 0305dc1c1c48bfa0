"""Which of the contracts' functions are whose, and what anyone else is told."""

from __future__ import annotations

BY_PROTOCOL = (
    "mint",
    "handOut",
    "drawFirst",
    "openSlot",
    "leaveEmpty",
    "expire",
    "sell",
    "burnUnsold",
    "award",
)
BY_EXCHANGE = ("sellFirst", "trade", "takeBack")

RESERVED = dict.fromkeys(BY_PROTOCOL, "not_protocol") | dict.fromkeys(BY_EXCHANGE, "not_exchange")
