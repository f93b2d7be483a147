# needs: 3.12
# Tools come and go, see everything, and switch places off.
import sys

monitoring = sys.monitoring
events = monitoring.events
seen = {1: [], 2: []}


def callback(tool):
    def on_event(code, *rest):
        if code is work.__code__ or code is helper.__code__:
            seen[tool].append((code.co_name, rest[0]))
        return monitoring.DISABLE if tool == 2 else None

    return on_event


def helper(number):
    return number * 2


def work(count):
    total = 0
    for number in range(count):
        total += helper(number)
    return total


for tool in (1, 2):
    monitoring.use_tool_id(tool, f"mine {tool}")
    monitoring.register_callback(tool, events.PY_START, callback(tool))
    monitoring.register_callback(tool, events.LINE, callback(tool))
    monitoring.set_events(tool, events.PY_START | events.LINE)
print(work(3))
monitoring.restart_events()
print(work(2))
monitoring.set_events(1, 0)
monitoring.set_local_events(1, helper.__code__, events.LINE)
print(work(2))
for tool in (1, 2):
    monitoring.set_events(tool, 0)
    monitoring.free_tool_id(tool)
print(work(1))
for tool, found in seen.items():
    print(tool, len(found), sorted(set(found)))
