"""An interpreter of a small language: a loop of comparisons, stacks and dispatch."""

SIZE = 70000

PROGRAM = (
    ("push", 0), ("store", "sum"), ("push", 1), ("store", "i"),
    ("load", "i"), ("push", 60), ("less", None), ("jump_if_not", 18),
    ("load", "sum"), ("load", "i"), ("load", "i"), ("multiply", None), ("add", None), ("store", "sum"),
    ("load", "i"), ("push", 1), ("add", None), ("back", 3),
    ("load", "sum"), ("halt", None),
)  # fmt: skip


def run(program):
    stack = []
    variables = {}
    place = 0
    while True:
        name, operand = program[place]
        place += 1
        if name == "push":
            stack.append(operand)
        elif name == "load":
            stack.append(variables[operand])
        elif name == "store":
            variables[operand] = stack.pop()
        elif name == "add":
            right = stack.pop()
            left = stack.pop()
            stack.append(left + right)
        elif name == "multiply":
            right = stack.pop()
            stack[-1] *= right
        elif name == "less":
            right = stack.pop()
            left = stack.pop()
            stack.append(left < right)
        elif name == "jump_if_not":
            if not stack.pop():
                place = operand
        elif name == "back":
            place = operand
        else:
            return stack.pop()


def main(size):
    total = 0
    for _ in range(size // 12):
        total += run(PROGRAM)
    return total
