# needs: 3.12
import sys

monitoring = sys.monitoring
print([monitoring.get_tool(tool) for tool in (0, 1, 2)])
monitoring.use_tool_id(1, "mine")
lines = []


def on_line(code, line):
    if code is function.__code__:
        lines.append(line)


def function():
    value = 1
    return value


monitoring.register_callback(1, monitoring.events.LINE, on_line)
monitoring.set_events(1, monitoring.events.LINE)
function()
monitoring.set_events(1, 0)
monitoring.free_tool_id(1)
print(lines)
