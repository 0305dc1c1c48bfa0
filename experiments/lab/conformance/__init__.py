"""The rules held against something else: a contract, a user’s rule, other encoders."""
