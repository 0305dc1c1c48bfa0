"""What a client asks of the one that it talks to."""

# ruff: noqa: N802 - methods are named as the specification names them

from __future__ import annotations

from chain.eip712 import keccak
from chain.rpc.node import Node
from chain.rpc.values import data, parse_data


class ClientMethods:
    """Who answers, and for which chain."""

    def __init__(self, node: Node, client: str) -> None:
        self._node = node
        self._client = client

    def eth_chainId(self) -> str:
        return hex(self._node.chain_id)

    def net_version(self) -> str:
        return str(self._node.chain_id)

    def net_listening(self) -> bool:
        return True

    def net_peerCount(self) -> str:
        return "0x0"

    def web3_clientVersion(self) -> str:
        return self._client

    def web3_sha3(self, value: object) -> str:
        return data(keccak(parse_data(value, "data")))

    def eth_syncing(self) -> bool:
        return False

    def eth_accounts(self) -> list[str]:
        return []
