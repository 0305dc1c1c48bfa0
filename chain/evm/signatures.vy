# pragma version ~=0.4.3
"""
@title Signatures of EIP-712 messages
@license MIT
@notice What the ticket contract and its exchange have in common: both check messages of one domain.
"""


@pure
@internal
def _digest(domain: bytes32, structHash: bytes32) -> bytes32:
    return keccak256(concat(x"1901", domain, structHash))


@view
@internal
def _verify(domain: bytes32, signer: address, structHash: bytes32, sig: Bytes[65]):
    assert len(sig) == 65, "bad_signature"
    v: uint256 = convert(slice(sig, 64, 1), uint256)
    assert v == 27 or v == 28, "bad_signature"
    r: uint256 = extract32(sig, 0, output_type=uint256)
    s: uint256 = extract32(sig, 32, output_type=uint256)
    found: address = ecrecover(self._digest(domain, structHash), v, r, s)
    assert found != empty(address) and found == signer, "bad_signature"
