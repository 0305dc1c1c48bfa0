# pragma version ~=0.4.3
"""
@title Signatures of EIP-712 messages
@license MIT
@notice What the ticket contract and its exchange have in common: both check messages of one domain.
"""

interface Wallet:
    def isValidSignature(hash: bytes32, signature: Bytes[1024]) -> bytes4: view

HALF_ORDER: constant(uint256) = 57896044618658097711785492504343953926418782139537452191302581570759080747168
LOW_BITS: constant(uint256) = max_value(uint256) >> 1


@pure
@internal
def _digest(domain: bytes32, structHash: bytes32) -> bytes32:
    return keccak256(concat(x"1901", domain, structHash))


@view
@internal
def _verify(domain: bytes32, signer: address, structHash: bytes32, sig: Bytes[1024]):
    """
    @dev A contract is asked (EIP-1271). Of anyone else the signature is r, s, v or, in 64 bytes, r and s with v in its
         highest bit (EIP-2098), with s in the lower half (EIP-2).
    """
    digest: bytes32 = self._digest(domain, structHash)
    if signer.is_contract:
        assert staticcall Wallet(signer).isValidSignature(digest, sig) == 0x1626ba7e, "bad_signature"
        return
    assert len(sig) == 65 or len(sig) == 64, "bad_signature"
    s: uint256 = extract32(sig, 32, output_type=uint256)
    v: uint256 = 27 + (s >> 255)
    if len(sig) == 65:
        v = convert(slice(sig, 64, 1), uint256)
    else:
        s = s & LOW_BITS
    assert s <= HALF_ORDER and (v == 27 or v == 28), "bad_signature"
    found: address = ecrecover(digest, v, extract32(sig, 0, output_type=uint256), s)
    assert found != empty(address) and found == signer, "bad_signature"
