"""An Ethereum virtual machine (revm, by pyrevm) with one contract on it at a time, spoken to in plain Python."""

from __future__ import annotations

import re
from typing import Protocol

from pyrevm import EVM, AccountInfo, BlockEnv, CfgEnv, Env

from chain.evm.abi import Log, selector

PLENTY = 10**30  # wei, of every caller
GAS = 2**62
ACCOUNT = re.compile(r"(0x[0-9a-f]{40}): Account \{(.*?)status: AccountStatus", re.DOTALL)  # in a journal
SLOT = re.compile(r"(\d+): StorageSlot \{ previous_or_original_value: \d+, present_value: (\d+) \}")


class Reverted(Exception):
    """The call was refused and changed nothing. Its text is the reason, empty where the contract gave none."""


class AnyMachine(Protocol):
    """What a contract lies on and is called through: what each method does, see `Machine`."""

    @property
    def gas(self) -> int: ...

    def deploy(self, code: bytes, deployer: bytes) -> bytes: ...

    def open_block(self, number: int, timestamp: int) -> None: ...

    def give(self, address: bytes) -> None: ...

    def balance(self, address: bytes) -> int: ...

    def call(self, caller: bytes, to: bytes, data: bytes, value: int = 0) -> bytes: ...

    def view(self, caller: bytes, to: bytes, data: bytes) -> bytes: ...

    def settle(self) -> None: ...

    def logs(self) -> list[Log]: ...


class Machine:
    """A fresh machine of chain `chain_id`, whose calls may use `most_gas` each."""

    most_code: int | None = None
    """Bytes of a contract's code; None: as many as Ethereum takes (EIP-170)."""

    def __init__(self, chain_id: int, most_gas: int = GAS) -> None:
        self._most_gas = most_gas
        self._settled: dict[str, dict[int, int]] = {}  # storage of the past transactions, by address
        self._block = BlockEnv(number=0, timestamp=0, gas_limit=GAS)
        self._env = Env(cfg=CfgEnv(chain_id, self.most_code), block=self._block)
        self._evm = EVM(env=self._env, gas_limit=GAS, spec_id="CANCUN")

    def deploy(self, code: bytes, deployer: bytes) -> bytes:
        """Run creation code, arguments at its end. Returns the contract's 20-byte address. Raises `Reverted`."""
        try:
            address: str = self._evm.deploy(in_hex(deployer), code)
        except RuntimeError as error:
            raise Reverted(reason(str(error))) from None
        return bytes.fromhex(address[2:])

    def open_block(self, number: int, timestamp: int) -> None:
        """The next block begins; `timestamp` in seconds."""
        self._block = BlockEnv(number=number, timestamp=timestamp, gas_limit=GAS)
        self._evm.set_block_env(self._block)

    def give(self, address: bytes) -> None:
        """Give the address more ETH than it will ever need."""
        self._evm.set_balance(in_hex(address), PLENTY)

    def balance(self, address: bytes) -> int:
        """What the address has, wei."""
        return self._evm.get_balance(in_hex(address))

    def call(self, caller: bytes, to: bytes, data: bytes, value: int = 0) -> bytes:
        """Send a transaction with `value` wei. Returns what the contract returns. Raises `Reverted`."""
        try:
            return self._evm.message_call(
                in_hex(caller), in_hex(to), calldata=data, value=value, gas=self._most_gas
            )
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

    def settle(self) -> None:
        """What was done so far is in the chain: the next call pays as a transaction of its own does.

        The machine takes all its calls as one transaction, to which what it has touched is cheap. So the state
        goes into a new machine, as its journal tells it.
        """
        for address, account in ACCOUNT.findall(self._evm.journal_str):
            slots = self._settled.setdefault(address, {})
            slots |= {int(slot): int(value) for slot, value in SLOT.findall(account)}
        evm = EVM(env=self._env, gas_limit=GAS, spec_id="CANCUN")
        for address, slots in self._settled.items():
            self._copy(address, slots, evm)
        for address in self._settled:
            evm.set_balance(address, self._evm.get_balance(address))
        self._evm = evm
        evm.set_block_env(self._block)

    def _copy(self, address: str, slots: dict[int, int], evm: EVM) -> None:
        """Into the database below: what a journal has seen is taken out of it again."""
        known = AccountInfo(nonce=self._evm.basic(address).nonce, code=self._evm.get_code(address))
        evm.insert_account_info(address, known)
        for slot, value in slots.items():
            before = evm.snapshot()
            evm.insert_account_storage(address, slot, value)
            evm.revert(before)

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
