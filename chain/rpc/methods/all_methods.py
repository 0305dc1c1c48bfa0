"""All methods of the Ethereum JSON-RPC, over a run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chain.rpc.dispatch import Dispatcher, Method
from chain.rpc.methods.block_methods import BlockMethods
from chain.rpc.methods.client_methods import ClientMethods
from chain.rpc.methods.fee_methods import FeeMethods
from chain.rpc.methods.log_methods import LogMethods
from chain.rpc.methods.state_methods import StateMethods
from chain.rpc.methods.time_methods import ALIASES, TimeMethods
from chain.rpc.methods.transaction_methods import TransactionMethods
from chain.rpc.node import Node

KINDS = (
    ClientMethods,
    FeeMethods,
    BlockMethods,
    StateMethods,
    LogMethods,
    TransactionMethods,
    TimeMethods,
)
PREFIXES = ("eth_", "net_", "web3_", "evm_", "anvil_", "hardhat_")
METHODS = [name for kind in KINDS for name in vars(kind) if name.startswith(PREFIXES)]


def dispatcher(node: Node, client: str) -> Dispatcher:
    """What answers requests about a run; `client` is what it calls itself."""
    groups = [ClientMethods(node, client), *(kind(node) for kind in KINDS[1:])]
    methods = dict(methods_of(groups))
    return Dispatcher(methods | {alias: methods[name] for alias, name in ALIASES.items()})


def methods_of(groups: Sequence[object]) -> Iterator[tuple[str, Method]]:
    """The methods of these objects by their names."""
    return ((name, getattr(group, name)) for group in groups for name in vars(type(group)) if name in METHODS)
