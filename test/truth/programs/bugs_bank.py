class Bank:
    fees = {"standard": 1, "gold": 0}

    def __init__(self):
        self.accounts = {}
        self.audit = []

    def open(self, name, kind="standard", _defaults={"limit": 100}):
        self.accounts[name] = {"kind": kind, "balance": 0, "rules": _defaults}

    def pay(self, name, amount):
        account = self.accounts[name]
        fee = self.fees[account["kind"]]
        if account["balance"] + account["rules"]["limit"] < amount:
            self.audit.append(f"refused {name}")
            return False
        account["balance"] -= amount + fee
        account["rules"]["limit"] -= 10
        return True


bank = Bank()
for name, kind in [("ann", "gold"), ("bob", "standard")]:
    bank.open(name, kind)
results = [bank.pay("ann", 50), bank.pay("bob", 95), bank.pay("bob", 1)]
limits = {n: a["rules"]["limit"] for n, a in bank.accounts.items()}
