"""What a player of the twin picks at random: accounts, tickets, amounts, nonces, and how a signature is spoilt."""

from __future__ import annotations

from random import Random

from chain.account import PROTOCOL
from chain.eip712 import Domain, StructType
from chain.signatures import Ecdsa, Signatures
from chain.ticket import Ticket, Title
from experiments.lab.conformance.twin.pair import Pair
from experiments.lab.conformance.twin.parties import CHAIN, NAMES, NOBODY

NO_TICKET = Ticket(2**40, 0, 0, 0, b"", CHAIN)  # of a serial that is not reached
FOREIGN = (Ecdsa(Domain(CHAIN + 1)), Ecdsa(Domain(CHAIN, b"\x0f" * 20)))
"""How the same is signed for another chain, and for another contract."""

CURVE = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141  # its order


class RandomChoices:
    """Choices among what there is on a pair, and near misses of it."""

    def __init__(self, pair: Pair, rng: Random) -> None:
        self.pair = pair
        self._state = pair.state
        self._rng = rng
        self._nonces = [[0] for _ in pair.addresses]  # of each account, those that its messages named

    def go_by(self, rng: Random) -> None:
        """Choose by this generator from now on."""
        self._rng = rng

    def _sign(self, signer: int, kind: StructType, values: tuple[object, ...]) -> bytes:
        signatures: Signatures = self._state.signatures
        if self._rng.random() < 0.02:
            signatures = self._rng.choice(FOREIGN)
        signature = signatures.sign(self._state.accounts[signer].key, kind, values)
        if self._rng.random() < 0.04:
            return self._bend(signature)
        return signature

    def _bend(self, signature: bytes) -> bytes:
        """A signature that is none, or no longer this one."""
        bit = self._rng.randint(0, 8 * 64 - 1)
        bent = bytearray(signature)
        bent[bit // 8] ^= 1 << bit % 8
        r = signature[:32]
        s = signature[32:64]
        bends = [
            bytes(bent),
            r + s,
            r + s + b"\x1d",
            b"",
            bytes(32) + signature[32:],
            r + s[::-1] + signature[64:],
            folded(signature),
            mirrored(signature),
        ]
        return self._rng.choice(bends)

    def _next_nonce(self, account: int) -> int:
        self._nonces[account].append(self._nonces[account][-1] + self._rng.choice([1, 1, 1, 2, 300]))
        return self._nonces[account][-1]

    def _old_nonce(self, account: int) -> int:
        return self._rng.choice(self._nonces[account][-5:])

    # Draws of the generator

    @property
    def _slot(self) -> int:
        """The present slot as a message can name it; before block 0 that one."""
        return max(self._state.slot, 0)

    def _spoil(self) -> bool:
        return self._rng.random() < 0.35

    def _spoilt(self, terms: tuple, ways: list) -> tuple:  # type: ignore[type-arg]
        """The terms with one of them replaced."""
        place = self._rng.randrange(len(terms))
        return (*terms[:place], ways[place](), *terms[place + 1 :])

    def _split(self, count: int) -> list[int]:
        """A number in two parts."""
        first = self._rng.randint(0, count)
        return [first, count - first]

    def _signer(self, account: int) -> int:
        if self._rng.random() < 0.05:
            return self._anyone()
        return account

    def _anyone(self) -> int:
        return self._rng.randint(1, len(NAMES))

    def _any_taker(self) -> int:
        if self._rng.random() < 0.2:
            return self._any_account()
        return self._anyone()

    def _taker_by(self, caller: bytes) -> int:
        """Who may get a ticket by a call of `caller`: where there is collateral mostly itself."""
        if self._state.rules.collateral and self._rng.random() < 0.7:
            return self.pair.addresses.index(caller)
        return self._any_taker()

    def _any_holder(self) -> int:
        """Any account but nobody."""
        return self._rng.choice([account for account in range(len(self.pair.addresses)) if account != NOBODY])

    def _any_account(self) -> int:
        """The protocol, nobody and contracts among them."""
        return self._rng.randrange(len(self.pair.addresses))

    def _holder(self, title: Title) -> int:
        """Its owner; where that is the protocol, mostly someone else."""
        if title.owner == PROTOCOL and self._rng.random() < 0.8:
            return self._anyone()
        return title.owner

    def _other_than(self, account: int) -> int:
        return account % len(NAMES) + 1

    def _any_caller(self) -> bytes:
        """Anyone but nobody, who makes no calls."""
        return self._rng.choice([address for address in self.pair.addresses if any(address)])

    def _any_address(self) -> bytes:
        return self._rng.choice(self.pair.addresses)

    def _any_title(self) -> Title:
        """A live ticket, of a participant where there is one. At least one ticket is live between two slots, or a
        fresh one stands for it that nobody knows."""
        live = self._state.titles.live
        held = [title for title in live.values() if title.owner != PROTOCOL]
        if held and self._rng.random() < 0.95:
            return self._rng.choice(held)
        if live:
            return self._rng.choice(list(live.values()))
        return Title(NO_TICKET, PROTOCOL)

    def _any_serial(self) -> int:
        minted = self._state.titles.minted
        return self._rng.choice([self._rng.randint(0, minted), max(minted - 1, 0), minted, 2**40])

    def _number(self) -> int:
        return self._rng.choice([0, 1, 2, self._state.slot + 1])

    def _amount(self) -> int:
        """Any order of magnitude, Gwei."""
        return self._rng.randint(0, 10 ** self._rng.randint(0, 17))

    def _price(self) -> int:
        """What most accounts can pay, Gwei."""
        return self._rng.randint(0, 10 ** self._rng.randint(3, 14))

    def _money(self, account: int) -> int:
        free = self._state.ledger.free(account)
        if self._spoil():
            return free + self._rng.randint(0, 2)
        return self._rng.randint(0, max(free // 10, 0))


def folded(signature: bytes) -> bytes:
    """The same signature in 64 bytes (EIP-2098)."""
    return signature[:32] + bytes([signature[32] | (signature[64] - 27) << 7]) + signature[33:64]


def mirrored(signature: bytes) -> bytes:
    """The twin of a signature that anyone can make: s becomes n − s."""
    s = CURVE - int.from_bytes(signature[32:64], "big")
    return signature[:32] + s.to_bytes(32, "big") + bytes([55 - signature[64]])
