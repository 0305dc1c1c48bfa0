"""The ticket contract and its exchange on a machine, set up by a protocol's own rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from chain.account import PROTOCOL
from chain.evm.abi import Log, Tail, encode, selector
from chain.evm.bytecode import DRAWS, EXCHANGE, LENS, TICKETS, blueprint, read_contract
from chain.evm.machine import GAS, AnyMachine, Machine
from chain.ledger import BURNED, REFUNDS
from chain.money import WEI_PER_GWEI
from chain.state import Rules, State
from chain.ticket import NEVER, Title

NONE = NEVER  # no maturity, no cap
MOST = 64  # of each kind that the lens looks at in one call
BLOCK_SECONDS = 12
ALL = 2**256 - 1  # tickets that may expire in one call
DEPLOYER = bytes.fromhex("f39fd6e51aad88f6f4ce6ab8827279cfffb92266")
"""The first account of hardhat and anvil: what it creates third lies at the address for which runs sign."""


class ResaleFlags(NamedTuple):
    """The resales that the market allows: before a ticket's draw, and after it."""

    ex_ante: bool
    ex_post: bool


class StateScope(NamedTuple):
    """What is looked at: account numbers, serials of live tickets, blocks."""

    accounts: Sequence[int]
    tickets: Sequence[int]
    blocks: Sequence[int]


class TicketContract:
    """The contracts of a chain in the state before genesis: no ticket is minted yet.

    A call may use `most_gas`. They lie on a `machine`, one of their own where none is given, and draw by the
    contract whose creation code is `seeds`.
    """

    def __init__(
        self,
        state: State,
        resale: ResaleFlags,
        most_gas: int = GAS,
        machine: AnyMachine | None = None,
        seeds: bytes | None = None,
    ) -> None:
        contract = read_contract(TICKETS)
        exchange = read_contract(EXCHANGE)
        lens = read_contract(LENS)
        self._addresses = [account.address for account in state.accounts]
        self._machine = machine or Machine(state.signatures.domain.chain_id, most_gas)
        protocol = self._addresses[PROTOCOL]
        mould = self._machine.deploy(blueprint(exchange.code), DEPLOYER)
        beacon = self._machine.deploy(seeds or run_beacon(state.beacon.seed), DEPLOYER)
        arguments = encode((contract_rules(state.rules, resale), state.rules_id, protocol, beacon, mould))
        self.address = self._machine.deploy(contract.code + arguments, DEPLOYER)
        assert self.address == state.signatures.domain.contract
        self._lens = self._machine.deploy(lens.code, DEPLOYER)
        asked = self._machine.call(protocol, self.address, selector("exchange()"))
        self.exchange = asked[12:]
        self._functions = {name: (self.exchange, code) for name, code in selectors(exchange.abi)}
        self._functions |= {name: (self.address, code) for name, code in selectors(contract.abi)}
        self._look = dict(selectors(lens.abi))["look"]
        for address in self._addresses:
            self._machine.give(address)

    @property
    def balance(self) -> int:
        """What the contract has, wei."""
        return self._machine.balance(self.address)

    @property
    def gas(self) -> int:
        """What the last call used."""
        return self._machine.gas

    def settle(self) -> None:
        """The next call is a transaction of its own; see `Machine.settle`."""
        self._machine.settle()

    def open_block(self, slot: int) -> None:
        """The machine's next block, that of `slot`."""
        self._machine.open_block(slot + 1, now(slot))

    def call(self, function: str, caller: bytes, *arguments: object, value_gwei: int = 0) -> bytes:
        """Call a function; the ABI's words come back. Raises `Reverted`."""
        return self.send_wei(function, caller, value_gwei * WEI_PER_GWEI, *arguments)

    def send_wei(self, function: str, caller: bytes, value: int, *arguments: object) -> bytes:
        """The same with a value in wei, which need not be whole Gwei."""
        return self.send(caller, *self.call_data(function, *arguments), value)

    def call_data(self, function: str, *arguments: object) -> tuple[bytes, bytes]:
        """Which contract a call goes to, and what is sent to it."""
        contract, code = self._functions[function]
        return contract, code + encode(arguments)

    def send(self, caller: bytes, to: bytes, data: bytes, value: int) -> bytes:
        """A transaction to any address, with `value` wei. Raises `Reverted`."""
        return self._machine.call(caller, to, data, value)

    def give(self, address: bytes) -> None:
        """Give an address more ETH than it will ever need."""
        self._machine.give(address)

    def view(self, function: str, *arguments: object) -> bytes:
        """What a function that changes nothing answers to the protocol. Raises `Reverted`."""
        contract, code = self._functions[function]
        return self._machine.view(self._addresses[PROTOCOL], contract, code + encode(arguments))

    def deploy(self, code: bytes, deployer: bytes) -> bytes:
        """Another contract on the same machine; its address."""
        return self._machine.deploy(code, deployer)

    def balance_of(self, address: bytes) -> int:
        """What an address has outside of the contract, wei."""
        return self._machine.balance(address)

    def logs(self) -> list[Log]:
        """What the last call logged."""
        return self._machine.logs()

    def look(self, view: StateScope) -> list[int]:
        """The contract's state, in the order of `TicketsLens.look`."""
        seen: list[int] = []
        for accounts, tickets, blocks in pages(view):
            addresses = Tail.of_words([self._addresses[account] for account in accounts])
            arguments = (self.address, addresses, Tail.of_words(tickets), Tail.of_words(blocks))
            answer = self._machine.view(self._addresses[PROTOCOL], self._lens, self._look + encode(arguments))
            seen += [int.from_bytes(answer[at : at + 32], "big") for at in range(64, len(answer), 32)]
        return seen


def run_beacon(seed: bytes) -> bytes:
    """The creation code of a beacon that answers with one seed, as a run's beacon does, and for slot n from block
    n + 1 on, which is the slot's own (`TicketContract.open_block`)."""
    is_there = bytes.fromhex("6004354311600b575f5ffd5b")  # CALLDATALOAD the slot, NUMBER, GT, JUMPI over a REVERT
    return creation_code(is_there + answer(seed))


def answer(word: bytes) -> bytes:
    """The code of a contract that answers with 32 bytes whatever it is asked."""
    return b"\x7f" + word + bytes.fromhex("5f5260205ff3")  # PUSH32, MSTORE at 0, RETURN


def creation_code(code: bytes) -> bytes:
    """What deploys these up to 255 bytes."""
    size = bytes([0x60, len(code)])  # PUSH1
    copied = size + bytes.fromhex("600a5f39")  # CODECOPY from behind these ten bytes
    return copied + size + bytes.fromhex("5ff3") + code


def now(slot: int) -> int:
    """The time of a slot's block, seconds."""
    return BLOCK_SECONDS * (slot + 1)


def state_words(
    state: State, view: StateScope, free: Callable[[int], int], approved: Callable[[Title], bytes]
) -> list[int]:
    """The same of the Python protocol. `free`: an account's free money; `approved`: for a ticket."""
    live, ledger, titles = state.titles.live, state.ledger, state.titles
    seen: list[int] = []
    for accounts, tickets, blocks in pages(view):
        seen += [state.slot + 1, len(live), titles.minted, len(state.urn)]
        seen += [ledger.total(BURNED), ledger.total(REFUNDS)]
        for account in accounts:
            money = ledger.free(account) + ledger.escrowed(account)
            seen += [len(titles.holdings[account]), money, free(account)]
        for serial in tickets:
            title = live[serial]
            drawn = 0 if title.drawn_for is None else title.drawn_for + 1
            owner = int.from_bytes(state.accounts[title.owner].address, "big")
            seen += [owner, title.nonce, drawn, title.price_gwei, int.from_bytes(approved(title), "big")]
        for block in blocks:
            draw = state.draws[block]
            seen += [0 if draw.ticket is None else draw.ticket + 1, draw.urn]
    return seen


def names(view: StateScope) -> list[str]:
    """What each of those numbers is."""
    seen: list[str] = []
    for accounts, tickets, blocks in pages(view):
        seen += ["slot + 1", "supply", "minted", "urn", "burned Gwei", "refunded Gwei"]
        for account in accounts:
            seen += [f"{what} of account {account}" for what in ("tickets", "Gwei", "free Gwei")]
        for serial in tickets:
            of = ("owner", "transfer nonce", "block drawn for + 1", "price, Gwei,", "address approved")
            seen += [f"{what} of ticket {serial}" for what in of]
        for block in blocks:
            seen += [f"{what} of block {block}" for what in ("ticket + 1", "urn")]
    return seen


def pages(view: StateScope) -> Iterator[StateScope]:
    """The view in parts that the lens can take in one call."""
    for at in range(0, max(1, *map(len, view)), MOST):
        yield StateScope(*(part[at : at + MOST] for part in view))


def contract_rules(rules: Rules, resale: ResaleFlags) -> tuple[object, ...]:
    """The constructor's `Rules`. Raises `ValueError` for rules that the contract does not have."""
    blocks = rules.draw.window or 0  # that share their tickets; 0 in a lottery
    name = rules.draw.name.removesuffix(f"/{blocks}")
    if name not in DRAWS:
        raise ValueError(f"the contract draws by {', '.join(DRAWS)}, not by {rules.draw.name!r}")
    return (
        rules.supply,
        rules.elastic,
        rules.round,
        NONE if rules.maturity is None else rules.maturity,
        rules.lookahead,
        blocks,
        DRAWS[name],
        share(rules.refund),
        share(1 - (rules.haircut or 0.0)),
        rules.haircut is not None,
        rules.collateral,
        rules.missed_fee,
        NONE if rules.owner_cap is None else rules.owner_cap,
        rules.void,
        *resale,
    )


def share(number: float) -> tuple[int, int]:
    """A double between 0 and 1 as the whole number `mantissa` and the power of two that it is over."""
    mantissa, over = number.as_integer_ratio()
    return mantissa, over.bit_length() - 1


def selectors(abi: Iterable[dict[str, object]]) -> Iterator[tuple[str, bytes]]:
    """The functions' selectors, by signature and by name; of two with one name, the one with fewer arguments."""
    functions = [entry for entry in abi if entry["type"] == "function"]
    for entry in sorted(functions, key=lambda entry: -len(entry["inputs"])):  # type: ignore[arg-type]
        signature = f"{entry['name']}({types(entry['inputs'])})"
        yield signature, selector(signature)
        yield str(entry["name"]), selector(signature)


def types(arguments: object) -> str:
    """The types of arguments as a signature writes them, structs in brackets."""
    assert isinstance(arguments, list)
    return ",".join(
        argument["type"].replace("tuple", f"({types(argument['components'])})")
        if "components" in argument
        else argument["type"]
        for argument in arguments
    )
