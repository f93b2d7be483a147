"""Exception groups."""


def groups(action):
    try:
        action()
    except* ValueError as errors:
        print(errors)
    except* (TypeError, OSError):
        pass
    finally:
        print("done")
