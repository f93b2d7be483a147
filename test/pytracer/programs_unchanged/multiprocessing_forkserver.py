# Children that come from a server process.
import multiprocessing
import sys


def square(number):
    return number * number


if __name__ == "__main__":
    if "forkserver" not in multiprocessing.get_all_start_methods():
        print("result: []")
        sys.exit()
    context = multiprocessing.get_context("forkserver")
    with context.Pool(2) as pool:
        result = pool.map(square, range(6))
    print("result:", result)
