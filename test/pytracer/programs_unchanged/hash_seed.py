# env: PYTHONHASHSEED=0
print(hash("a"), {"a", "b", "c"}, set("hello world"))
