import pickle


class Point:
    def __init__(self, x):
        self.x = x


point = pickle.loads(pickle.dumps(Point(3)))
print(type(point) is Point, point.x, Point.__module__, type(point))
