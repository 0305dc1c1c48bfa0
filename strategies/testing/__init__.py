"""Tools for testing a strategy: its contract, and a laboratory market for traders."""

from strategies.testing.contract_check import check_strategy
from strategies.testing.contract_report import Check, ContractReport
from strategies.testing.double_auction import Deal, DoubleAuction, most_surplus

__all__ = ["Check", "ContractReport", "Deal", "DoubleAuction", "check_strategy", "most_surplus"]
