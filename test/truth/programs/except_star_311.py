def groups():
    seen = []
    try:
        raise ExceptionGroup("g", [ValueError(1), TypeError(2), ExceptionGroup("h", [ValueError(3)])])
    except* ValueError as g:
        seen.append(len(g.exceptions))
    except* TypeError as g:
        seen.append(g.exceptions[0].args)
    return seen


seen = groups()
