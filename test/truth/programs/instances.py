class Account:
    rate = 0.5

    def __init__(self, owner, balance=0):
        self.owner = owner
        self.balance = balance
        self.history = []

    def deposit(self, amount):
        self.balance += amount
        self.history.append(("deposit", amount))
        return self

    @property
    def interest(self):
        return self.balance * self.rate


mine = Account("me")
yours = mine
mine.deposit(10).deposit(5)
yours.balance = 100
earned = mine.interest
yours.nickname = "joint"
del mine.owner
setattr(mine, "owner", "us")
vars(mine)["extra"] = 1
mine.__dict__["extra"] += 1
Account.rate = 0.25
accounts = {"a": mine, "b": Account("b", 1)}
for name, account in accounts.items():
    account.deposit(1)
