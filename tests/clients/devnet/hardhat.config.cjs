// A chain whose clock the tests move: each transaction is a block of its own, at the time that they name.
module.exports = {
  networks: {
    hardhat: {
      chainId: 1337,
      hardfork: "cancun",
      initialBaseFeePerGas: 0,
      initialDate: "1970-01-01T00:00:00Z",
      allowBlocksWithSameTimestamp: true,
      loggingEnabled: false,
    },
  },
};
