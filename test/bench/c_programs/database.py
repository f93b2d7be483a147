"""sqlite3 in memory."""

import sqlite3

SIZE = 12


def main(size):
    total = 0
    with sqlite3.connect(":memory:") as connection:
        connection.execute("create table sale (day integer, shop text, amount real)")
        for turn in range(size):
            rows = [(n % 365, f"shop {n % 17}", n * 1.5) for n in range(15000)]
            connection.executemany("insert into sale values (?, ?, ?)", rows)
            query = "select shop, sum(amount), count(*) from sale where day between ? and ? group by shop order by 2"
            for first in range(0, 360, 60):
                for shop, amount, count in connection.execute(query, (first, first + 59)):
                    total += count
            connection.execute("delete from sale where day % 3 = 0")
    return total
