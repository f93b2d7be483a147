# env: PYTHONIOENCODING=ascii:strict
def show(text):
    print(text)


show("caf\u00e9")
