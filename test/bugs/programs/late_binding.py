"""All functions of a loop see its last value."""


def make_scales():
    scales = []
    for factor in (1, 2, 3):
        scales.append(lambda value: value * factor)
    return scales


scales = make_scales()
result = scales[0](10)
assert result == 10, result
