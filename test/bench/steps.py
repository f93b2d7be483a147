"""A million steps of ordinary code: calls, methods, lists, dictionaries, strings.

usage: steps.py ROUNDS
"""

import sys


class Account:
    def __init__(self, owner):
        self.owner = owner
        self.balance = 0

    def deposit(self, amount):
        before = self.balance
        self.balance = before + amount
        return self.balance


def label(owner, balance):
    text = owner + ": " + str(balance)
    return text


def main(rounds):
    accounts = [Account("owner " + str(number)) for number in range(10)]
    recent = []
    latest = {}
    early = rounds // 11
    for number in range(rounds):
        account = accounts[number % 10]
        balance = account.deposit(number % 7)
        recent.append(balance)
        if len(recent) > 50:
            recent = recent[25:]
        latest[account.owner] = label(account.owner, balance)
        if number == early:
            latest["mark"] = number
    return len(recent) + len(latest)


main(int(sys.argv[1]))
