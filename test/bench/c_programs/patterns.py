"""Regular expressions over long texts."""

import re

SIZE = 900
TEXT = "On 2024-05-17 at 12:45 ann@example.org paid 12.50 to ben@example.com; " * 120


def main(size):
    date = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
    mail = re.compile(r"\b[a-z]+@[a-z]+\.(?:org|com)\b")
    money = re.compile(r"paid (\d+\.\d\d)")
    total = 0
    for turn in range(size):
        total += len(date.findall(TEXT))
        total += len(mail.sub("nobody", TEXT))
        total += sum(1 for _ in money.finditer(TEXT))
        total += len(re.split(r"[;:,.]\s*", TEXT))
    return total
