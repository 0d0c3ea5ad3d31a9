#pragma version 0.4.3
#pragma evm-version cancun
"""
@title A staker that calls back while it is paid
"""


interface Staking:
    def stake(): payable
    def unstake(amount: uint256): nonpayable
    def withdraw(recipient: address): nonpayable


WEI_A_GWEI: constant(uint256) = 10**9

target: address
again: uint256
refuses: public(bool)


@deploy
@payable
def __init__(target: address):
    self.target = target


@external
def stake(amount: uint256):
    extcall Staking(self.target).stake(value=amount * WEI_A_GWEI)


@external
def unstake(amount: uint256):
    extcall Staking(self.target).unstake(amount)


@external
def withdraw(again: uint256):
    self.again = again
    extcall Staking(self.target).withdraw(self)


@external
def withdraw_to(recipient: address):
    extcall Staking(self.target).withdraw(recipient)


@external
def refuse(refuses: bool):
    self.refuses = refuses


@external
@payable
def __default__():
    assert not self.refuses, "no money"
    if self.again > 0:
        self.again -= 1
        extcall Staking(self.target).withdraw(self)
