import multiprocessing


def square(number):
    return number * number


if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    with context.Pool(1) as pool:
        print(pool.map(square, [1, 2, 3]))
