def flow(mode):
    trail = []
    for i in range(3):
        try:
            if mode == "continue" and i == 0:
                continue
            if mode == "break" and i == 1:
                break
            if mode == "return" and i == 1:
                return trail
            trail.append(i)
        finally:
            trail.append("f")
    else:
        trail.append("else")
    return trail


modes = [flow(mode) for mode in ("plain", "continue", "break", "return")]


def swallow():
    try:
        raise ValueError
    finally:
        return "swallowed"


kept = swallow()
