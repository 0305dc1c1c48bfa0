"""A protocol in Python and the contract on an EVM, which are given the same operations and compared after each."""

from __future__ import annotations

from experiments.lab.conformance.twin.money_moves import MoneyMoves
from experiments.lab.conformance.twin.protocol_steps import ProtocolSteps
from experiments.lab.conformance.twin.sales_by_message import SalesByMessage
from experiments.lab.conformance.twin.ticket_moves import TicketMoves


class Pair(ProtocolSteps, TicketMoves, SalesByMessage, MoneyMoves):
    """All that can be done to both. Each operation raises `Disagreement` where they differ after it."""
