"""Single use of signed messages: a bitmap of nonces for each signer, as in Uniswap's permit2.

Nonces may come in any order. Those from 0 on without a gap are one number, so that a signer who counts upwards
costs constant memory.
"""

from __future__ import annotations

from chain.errors import NonceUsed

WORD = 256
FULL = (1 << WORD) - 1


class Nonces:
    """The nonces that one signer has used."""

    __slots__ = ("_first", "_words")

    def __init__(self) -> None:
        self._first = 0  # that is not used; all before it are
        self._words: dict[int, int] = {}  # of later ones

    def check(self, nonce: int) -> None:
        """Raises `NonceUsed` where a message with this nonce was used or cancelled."""
        if nonce < self._first or (self._words and self._is_marked(nonce)):
            raise NonceUsed(f"nonce {nonce} was used before")

    def is_used(self, nonce: int) -> bool:
        """Whether a message with this nonce was used or cancelled before."""
        return nonce < self._first or self._is_marked(nonce)

    def use(self, nonce: int) -> None:
        """Use a nonce up. Raises `NonceUsed` at the second time."""
        if nonce == self._first and not self._words:
            self._first += 1
        else:
            self.check(nonce)
            word, bit = divmod(nonce, WORD)
            self.cancel(word, 1 << bit)

    def cancel(self, word: int, mask: int) -> None:
        """Use up all nonces of the 256-bit `word` that `mask` names: one mask cancels many."""
        if word >= self._first // WORD:
            self._words[word] = self._words.get(word, 0) | mask
            self._fold()

    def _is_marked(self, nonce: int) -> bool:
        word, bit = divmod(nonce, WORD)
        return bool(self._words.get(word, 0) >> bit & 1)

    def _fold(self) -> None:
        """Go on to the first that is not used, and forget the words before it."""
        self._forget()
        while self._is_marked(self._first):
            self._first += 1
            self._forget()

    def _forget(self) -> None:
        if self._first % WORD == 0:
            self._words.pop(self._first // WORD - 1, None)
