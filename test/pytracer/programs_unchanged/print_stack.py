import traceback


class Context:
    def __enter__(self):
        traceback.print_stack()

    def __exit__(self, *details):
        return True


def run():
    with Context():
        raise ValueError
    for value in (number for number in (1, 2)):
        traceback.print_stack()


run()
