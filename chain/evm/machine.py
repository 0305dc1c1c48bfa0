"""An Ethereum virtual machine (revm, by pyrevm) with one contract on it at a time, spoken to in plain Python."""

from __future__ import annotations

import re

from pyrevm import EVM, BlockEnv, CfgEnv, Env

from chain.evm.abi import Log, selector

PLENTY = 10**30  # wei, of every caller
GAS = 2**62


class Reverted(Exception):
    """The call was refused and changed nothing. Its text is the reason, empty where the contract gave none."""


class Machine:
    """A fresh machine of chain `chain_id`."""

    def __init__(self, chain_id: int) -> None:
        block = BlockEnv(number=0, timestamp=0, gas_limit=GAS)
        self._evm = EVM(env=Env(cfg=CfgEnv(chain_id=chain_id), block=block), gas_limit=GAS, spec_id="CANCUN")

    def deploy(self, code: bytes, deployer: bytes) -> bytes:
        """Run creation code, arguments at its end. Returns the contract's 20-byte address. Raises `Reverted`."""
        try:
            address: str = self._evm.deploy(in_hex(deployer), code)
        except RuntimeError as error:
            raise Reverted(reason(str(error))) from None
        return bytes.fromhex(address[2:])

    def open_block(self, number: int, timestamp: int) -> None:
        """The next block begins; `timestamp` in seconds."""
        self._evm.set_block_env(BlockEnv(number=number, timestamp=timestamp, gas_limit=GAS))

    def give(self, address: bytes) -> None:
        """Give the address more ETH than it will ever need."""
        self._evm.set_balance(in_hex(address), PLENTY)

    def balance(self, address: bytes) -> int:
        """What the address has, wei."""
        return self._evm.get_balance(in_hex(address))

    def call(self, caller: bytes, to: bytes, data: bytes, value: int = 0) -> bytes:
        """Send a transaction with `value` wei. Returns what the contract returns. Raises `Reverted`."""
        try:
            return self._evm.message_call(in_hex(caller), in_hex(to), calldata=data, value=value)
        except RuntimeError as error:
            raise Reverted(reason(str(error))) from None

    def view(self, caller: bytes, to: bytes, data: bytes) -> bytes:
        """Call a function that changes nothing. The machine forgets what was looked at, which its journal would
        keep. Raises `Reverted`."""
        before = self._evm.snapshot()
        try:
            return self.call(caller, to, data)
        finally:
            self._evm.revert(before)

    @property
    def gas(self) -> int:
        """What the last call used, a transaction's 21,000 and its data among it."""
        result = self._evm.result
        assert result is not None
        return result.gas_used

    def logs(self) -> list[Log]:
        """What the last call logged."""
        result = self._evm.result
        if result:
            return [Log(tuple(topics), data) for topics, data in (log.data for log in result.logs)]
        return []


def in_hex(address: bytes) -> str:
    return "0x" + address.hex()


def reason(error: str) -> str:
    """The reason of a revert, `Error(string)`; what else went wrong in the machine's own words."""
    found = re.search(r"output: 0x([0-9a-f]*)", error)
    output = b""
    if found:
        output = bytes.fromhex(found[1])
    if output[:4] != selector("Error(string)"):
        if found:
            return ""
        return error
    length = int.from_bytes(output[36:68], "big")
    return output[68 : 68 + length].decode()
