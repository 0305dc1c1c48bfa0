"""Single use of signed messages: a bitmap of nonces for each signer, as in Uniswap's permit2.

Nonces may come in any order. Words that are full are folded into a floor, so that a signer who counts
upwards costs constant memory.
"""

from __future__ import annotations

from chain.errors import NonceUsed

WORD = 256
FULL = (1 << WORD) - 1


class Nonces:
    """The nonces that one signer has used."""

    __slots__ = ("_floor", "_words")

    def __init__(self) -> None:
        self._floor = 0
        self._words: dict[int, int] = {}

    def check(self, nonce: int) -> None:
        """Raises `NonceUsed` where a message with this nonce was used or cancelled."""
        if self.is_used(nonce):
            raise NonceUsed(f"nonce {nonce} was used before")

    def is_used(self, nonce: int) -> bool:
        """Whether a message with this nonce was used or cancelled before."""
        word, bit = divmod(nonce, WORD)
        return word < self._floor or bool(self._words.get(word, 0) >> bit & 1)

    def use(self, nonce: int) -> None:
        """Use a nonce up. Raises `NonceUsed` at the second time."""
        word, bit = divmod(nonce, WORD)
        used = self._words.get(word, 0)
        if word < self._floor or used >> bit & 1:
            self.check(nonce)
        used |= 1 << bit
        self._words[word] = used
        if used == FULL:
            self._fold()

    def cancel(self, word: int, mask: int) -> None:
        """Use up all nonces of the 256-bit `word` that `mask` names: one mask cancels many."""
        if word < self._floor:
            return
        self._words[word] = self._words.get(word, 0) | mask
        self._fold()

    def _fold(self) -> None:
        while self._words.get(self._floor) == FULL:
            del self._words[self._floor]
            self._floor += 1
