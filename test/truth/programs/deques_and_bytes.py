from collections import deque

queue = deque([1, 2, 3], maxlen=4)
other = queue
queue.append(4)
queue.append(5)
queue.appendleft(0)
queue.rotate(1)
other.popleft()
queue.extend("ab")
queue[0] = [queue.maxlen]
queue[0].append(1)
del queue[1]
data = bytearray(b"hello")
view = data
data[0] = 72
data += b" world"
view[5:6] = b"__"
del data[-1]
data.extend([33, 34])
data.reverse()
raw = bytes(data)
