"""What is true: the block clock, the protocol of execution tickets, signed messages, money, rewards, records.

Knows no market and no strategy. The rules are short functions that first verify and then change.

- `protocol`, `rules/`: a slot from its draw to its mint; which ticket is drawn for a block;
- `state`, `ticket`, `titles`, `ledger`, `collateral`, `cap`: what stands between two operations; tickets, money;
- `account`, `signatures`, `eip712`, `transfer`, `approvals`: who takes part, and what they sign;
- `clock`, `beacon`, `randomness`: slots on SimPy; the word of a draw; named streams of one seed;
- `rewards/`: laws of a block's reward, one run of them, and what is publicly known;
- `records`: typed tables that go to disk as they grow;
- `rpc/`, `evm/`: a chain as Ethereum's clients ask it; the same rules as a contract.
"""

from __future__ import annotations

from importlib.machinery import SourceFileLoader
from typing import TYPE_CHECKING

_CHECK = f"{__path__[0]}/neighbours.py"
exec(SourceFileLoader("neighbours", _CHECK).get_code("neighbours") or "", {"__file__": _CHECK})

from chain.face import face

if TYPE_CHECKING:
    from chain.errors import Refused
    from chain.ledger import Ledger
    from chain.money import eth_to_gwei, gwei_to_eth
    from chain.protocol import Proposal
    from chain.rewards.independent import Independent
    from chain.rewards.outlook import Outlook
    from chain.rewards.process import RewardProcess, RewardRun
    from chain.state import Draw, DrawRule, Rules, State
    from chain.ticket import Ticket, Title
    from chain.transfer import Transfer

__all__ = [
    "Draw",
    "DrawRule",
    "Independent",
    "Ledger",
    "Outlook",
    "Proposal",
    "Refused",
    "RewardProcess",
    "RewardRun",
    "Rules",
    "State",
    "Ticket",
    "Title",
    "Transfer",
    "eth_to_gwei",
    "gwei_to_eth",
]

__getattr__, __dir__ = face(
    __name__,
    {
        "chain.errors": ["Refused"],
        "chain.ledger": ["Ledger"],
        "chain.money": ["eth_to_gwei", "gwei_to_eth"],
        "chain.protocol": ["Proposal"],
        "chain.rewards.independent": ["Independent"],
        "chain.rewards.outlook": ["Outlook"],
        "chain.rewards.process": ["RewardProcess", "RewardRun"],
        "chain.state": ["Draw", "DrawRule", "Rules", "State"],
        "chain.ticket": ["Ticket", "Title"],
        "chain.transfer": ["Transfer"],
    },
)
