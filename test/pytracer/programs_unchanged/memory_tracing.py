import tracemalloc

tracemalloc.start()
block = [bytearray(10) for _ in range(100)]
statistics = tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(True, __file__)])
print(statistics.statistics("lineno")[0].count >= 100)
