def join(*parts, sep="-", **options):
    text = sep.join(
        str(part)
        for part in parts
    )
    if options:
        text += repr(sorted(
            options
        ))
    return text


result = join(
    1,
    join("a", "b"),
    sep="+",
    z=[
        1,
        2,
    ],
)
value = (
    result
    .upper()
    .replace(
        "A",
        "!",
    )
)
chain = (
    1 <
    2 <
    len(value)
)
text = f"""{
    value
} and {result!r:>5}"""
