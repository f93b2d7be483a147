class Meta(type):
    def __new__(mcls, name, bases, namespace, **kw):
        namespace["made_by"] = "Meta"
        return super().__new__(mcls, name, bases, namespace)


class Base:
    kinds = []

    def __init_subclass__(cls, **kw):
        cls.kinds.append(cls.__name__)


class Child(Base, metaclass=Meta):
    x = 1
    y = x + 1
    table = {k: k * 2 for k in (1, 2)}
    table[3] = y
    for i in range(2):
        y += i
    del i

    def method(self):
        return self.y

    class Inner:
        z = 5
        z += 1


value = Child().method()
Child.y = 100
Child.extra = [1]
Child.extra.append(2)
value = Child().method()
