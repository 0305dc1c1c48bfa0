"""The markets as a contract: its ABI, and what stands behind it."""
