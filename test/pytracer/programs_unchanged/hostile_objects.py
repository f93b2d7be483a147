class Hostile:
    def __repr__(self):
        print("repr ran")
        return "hostile"

    def __eq__(self, other):
        print("eq ran")
        return True

    def __hash__(self):
        print("hash ran")
        return 1

    def __getattribute__(self, name):
        print("getattribute", name)
        return object.__getattribute__(self, name)

    def __len__(self):
        print("len ran")
        return 3

    def __bool__(self):
        print("bool ran")
        return True

    @property
    def __class__(self):
        print("class ran")
        return list

    @property
    def value(self):
        print("property ran")
        return 1


def use(thing):
    box = [thing, thing]
    box.append(thing)
    mapping = {"key": thing}
    mapping["other"] = thing
    pair = (thing, mapping)
    return pair


class Meta(type):
    def __instancecheck__(cls, instance):
        print("instancecheck")
        return True

    def __getattribute__(cls, name):
        print("meta getattribute", name)
        return type.__getattribute__(cls, name)


class Made(metaclass=Meta):
    pass


thing = Hostile()
result = use(thing)
made = Made()
made.attribute = thing
print("done")
