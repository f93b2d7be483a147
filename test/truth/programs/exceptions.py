class Problem(Exception):
    def __init__(self, code):
        super().__init__("problem", code)
        self.code = code


def fail(code):
    note = code + 1
    raise Problem(code)


def middle(code):
    try:
        fail(code)
    finally:
        cleanup = "done"


def handle():
    results = []
    for code in range(2):
        try:
            middle(code)
        except Problem as problem:
            results.append(problem.code)
        else:
            results.append(None)
    try:
        try:
            1 / 0
        except ZeroDivisionError as zero:
            raise Problem(9) from zero
    except Problem as chained:
        cause = type(chained.__cause__).__name__
    return results, cause


outcome = handle()
try:
    {}["missing"]
except (KeyError, IndexError):
    missed = True
