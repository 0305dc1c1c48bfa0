"""The protocol's rules on Ethereum's own virtual machine."""
