# pragma version ~=0.4.3
# pragma evm-version cancun
# pragma optimize codesize
"""
@title A beacon of block hashes
@license MIT
@notice The random seed of each slot is the hash of a block that is fixed when this contract is deployed, so that nobody
        can choose it by choosing when to call.
@dev    The seed of slot n is the hash of block `first + n * spacing`. The chain remembers the last 256 hashes; `record`
        keeps one for good, and anyone may call it. Where nobody did in time, the hash of the block 256 later stands in
        its place, and so on.
"""

# The reasons of reverts, as `Error(string)` has them
# @custom:refusal bad_rules Parameters that the constructor refuses.
# @custom:refusal too_early The block of this seed is not there yet.

AGE: constant(uint256) = 256  # blocks whose hashes the chain remembers

FIRST: immutable(uint256)
SPACING: immutable(uint256)

seeds: HashMap[uint256, bytes32]


@deploy
def __init__(first: uint256, spacing: uint256):
    """
    @notice The seed of slot n is the hash of block `first + n * spacing`.
    @param first A block that is still to come.
    @param spacing Blocks from one slot's to the next one's; not 0.
    """
    assert first > block.number and spacing > 0, "bad_rules"
    FIRST = first
    SPACING = spacing


@view
@external
def blockOf(slot: uint256) -> uint256:
    """
    @notice The block whose hash is the slot's seed, as far as it is known now.
    @param slot The slot, from 0 on.
    @return The block's number.
    """
    return self._blockOf(slot)


@view
@external
def seedOf(slot: uint256) -> bytes32:
    """
    @notice The seed of a slot; reverts before its block is there.
    @param slot The slot, from 0 on.
    @return The seed, the same whenever it is asked for within 256 blocks, and for good once it is recorded.
    """
    return self._seedOf(slot)


@external
def record(slot: uint256):
    """
    @notice Keep a slot's seed for good. Anyone may call it.
    @param slot The slot, from 0 on.
    """
    self.seeds[slot] = self._seedOf(slot)


@view
@internal
def _blockOf(slot: uint256) -> uint256:
    number: uint256 = FIRST + slot * SPACING
    if block.number > number + AGE:
        number += (block.number - number - 1) // AGE * AGE
    return number


@view
@internal
def _seedOf(slot: uint256) -> bytes32:
    if self.seeds[slot] != empty(bytes32):
        return self.seeds[slot]
    number: uint256 = self._blockOf(slot)
    assert number < block.number, "too_early"
    return blockhash(number)
