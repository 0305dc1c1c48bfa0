# pragma version ~=0.4.3
# pragma evm-version cancun
"""
@title An account that is a contract
@license MIT
@notice It calls what its maker tells it to, and gives to what comes to it the answers that it was made with.
"""

MAKER: immutable(address)
RECEIVED: immutable(bytes4)
SIGNED: immutable(bytes4)
TAKES: immutable(bool)
CALLS_BACK: immutable(bool)

calling: bool


@deploy
def __init__(received: bytes4, signed: bytes4, takes: bool, callsBack: bool):
    """
    @param received What it says to a ticket.
    @param signed What it says to a signature of its own.
    @param takes Whether it takes tickets and money at all.
    @param callsBack Whether it calls its sender again before it answers; what becomes of that does not matter to it.
    """
    MAKER = msg.sender
    RECEIVED = received
    SIGNED = signed
    TAKES = takes
    CALLS_BACK = callsBack


@payable
@external
def call(to: address, data: Bytes[8192]):
    """
    @notice For its maker: call someone, with the value that comes along.
    """
    assert msg.sender == MAKER
    raw_call(to, data, value=msg.value)


@view
@external
def isValidSignature(hash: bytes32, signature: Bytes[1024]) -> bytes4:
    """
    @notice Whether it signed something (EIP-1271).
    """
    return SIGNED


@external
def onERC721Received(operator: address, owner: address, tokenId: uint256, data: Bytes[1024]) -> bytes4:
    """
    @notice A ticket came. One that calls back makes the call that came along as data.
    """
    assert TAKES
    if CALLS_BACK:
        done: bool = raw_call(msg.sender, data, revert_on_failure=False)
    return RECEIVED


@payable
@external
def __default__():
    """
    @notice Money came. One that calls back withdraws as much once more.
    """
    assert TAKES
    if CALLS_BACK and not self.calling:
        self.calling = True
        again: Bytes[68] = abi_encode(msg.value // 10**9, self, method_id=method_id("withdraw(uint256,address)"))
        done: bool = raw_call(msg.sender, again, revert_on_failure=False)
        self.calling = False
