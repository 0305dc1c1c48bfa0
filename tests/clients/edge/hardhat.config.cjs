// A served run as hardhat's network: its address comes from the test.
module.exports = {
  defaultNetwork: "served",
  networks: { served: { url: process.env.SERVED ?? "http://127.0.0.1:8545", chainId: 1337, accounts: "remote" } },
};
