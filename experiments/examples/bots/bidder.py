"""A bot in Python: bids for a ticket in every slot's sale, what it is told to.

    et-testbed wallet new anna
    et-testbed serve --key anna --pace realtime
    python bidder.py http://127.0.0.1:8545 MARKET 0.05 --key anna

MARKET is printed by `serve`; then comes the bid, ETH. `--key` is a wallet or a key file.
"""

from __future__ import annotations

import time
from typing import Annotated

import typer
from eth_account import Account
from web3 import HTTPProvider, Web3
from web3.exceptions import ContractLogicError, Web3RPCError

from experiments.lab.assembly.keys import find_wallet, open_key, wallet_folder
from experiments.lab.cli.wallet import ask_password
from market.contract.code import read_abi


def main(url: str, market_address: str, bid_eth: str, key: Annotated[str, typer.Option()]) -> None:
    file = find_wallet(key, wallet_folder())
    web3, account = Web3(HTTPProvider(url)), Account.from_key(open_key(file, ask_password(file)).secret)
    market = web3.eth.contract(Web3.to_checksum_address(market_address), abi=read_abi())
    price = Web3.to_wei(bid_eth, "ether")
    while True:
        nonce = web3.eth.get_transaction_count(account.address)
        try:
            bid = market.functions.bidInSale(0, price).build_transaction({"from": account.address, "nonce": nonce})
            sent = web3.eth.send_raw_transaction(account.sign_transaction(bid).raw_transaction)
        except (ContractLogicError, Web3RPCError) as refused:
            print(f"refused: {refused.message}")
            return
        receipt = web3.eth.wait_for_transaction_receipt(sent, timeout=60, poll_latency=0.05)
        print(f"block {receipt['blockNumber']}: {'bid' if receipt['status'] else receipt.get('revertReason')}")
        time.sleep(0.05)


if __name__ == "__main__":
    typer.run(main)
