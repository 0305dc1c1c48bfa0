"""Numbers in a file of payments: how they are written, and what is said of those that are none."""

from __future__ import annotations

import re
from decimal import Decimal

from chain.rewards.payment_table import PaymentTable, short

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,9})?", re.ASCII)
GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?", re.ASCII)
SURELY_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}((,\d{3}){2,}(\.\d*)?|,\d{3}\.\d*)", re.ASCII)
DECIMAL_COMMA = re.compile(r"[+-]?[\d.]*,\d+", re.ASCII)


def decimal(text: str, commas_group: bool) -> Decimal | None:
    """A number as it is written, exactly; None where it is none.

    Commas may separate thousands; where `commas_group` is False, only such that cannot be decimal commas.
    """
    grouped = SURELY_GROUPED
    if commas_group:
        grouped = GROUPED
    if grouped.fullmatch(text):
        text = text.replace(",", "")
    if NUMBER.fullmatch(text):
        return Decimal(text)
    return None


def wrong(table: PaymentTable, row: int, name: str, found: object, right: str) -> ValueError:
    """The error for a cell; `right` says what belongs there."""
    hint = ""
    if isinstance(found, str) and DECIMAL_COMMA.fullmatch(found):
        hint = "write decimals with a point; "
    return ValueError(f"{table.place(row)} has {short(found)} in {short(name)}; {hint}give {right}")
