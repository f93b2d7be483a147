"""Type parameters and nested f-strings."""

type Pair[T] = tuple[T, T]


def first[T: (int, str)](pair: Pair[T]) -> T:
    return pair[0]


class Box[T]:
    def get(self, key: T) -> str:
        return f"{f"{key}" + "x"}"
