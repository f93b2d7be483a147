def chain():
    try:
        try:
            raise KeyError("one")
        finally:
            int("x")
    except ValueError as error:
        print(type(error.__context__).__name__)
        raise


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        print("exit", kind.__name__, traceback.tb_lineno)
        return kind is ValueError


with Manager():
    chain()
try:
    raise
except RuntimeError as error:
    print(error)
assert len([]) == 1, "assertion text"
