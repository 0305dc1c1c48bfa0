"""What auction theory says a ticket is worth and when to sell it: pure functions, in ETH and blocks.

Import the module that is needed: the package needs scipy, and `import strategies` does not load it.
"""
