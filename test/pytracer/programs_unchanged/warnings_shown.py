import warnings


def old():
    warnings.warn("old", DeprecationWarning, stacklevel=2)


old()
old()
warnings.warn("user")
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    old()
print([str(warning.message) for warning in caught])
