import multiprocessing


def square(number, queue):
    queue.put(number * number)


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    queue = context.SimpleQueue()
    process = context.Process(target=square, args=(7, queue))
    process.start()
    print(queue.get())
    process.join()
    print(process.exitcode)
