"""The rules held against something else: a contract, random histories, other encoders.

- `twin/`: the protocol and the ticket contract on a real EVM, side by side;
- `rule_check/`: a draw rule of the user's own over random histories of small chains;
- `vectors`: every message that the testbed signs, for other encoders to check against.
"""
