"""Fails: somebody is refunded who never paid."""


def refund(paid, name):
    amount = paid[name]
    return amount / 2


paid = {"ada": 40}
print(refund(paid, "ada"))
print(refund(paid, "grace"))
