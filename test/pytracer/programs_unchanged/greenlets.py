# packages: greenlet
# Stacks that are switched under the interpreter, where that library is installed.
try:
    from greenlet import getcurrent, greenlet
except ImportError:
    print("no greenlets")
    raise SystemExit from None


def first(number):
    items = [number]
    while True:
        items.append(other.switch(items[-1] + 1))
        if len(items) > 4:
            return items


def second(number):
    total = 0
    while True:
        total += number
        number = main.switch(total) if number % 3 == 0 else one.switch(total)


main = getcurrent()
one = greenlet(first)
other = greenlet(second)
results = [one.switch(1)]
for number in range(4):
    if other:
        results.append(other.switch(number))
print(results)


def dropped():
    try:
        main.switch("paused")
    finally:
        print("let go")


left = greenlet(dropped)
print(left.switch())
del left
print("end")
