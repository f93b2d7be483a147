# env: PYTHONPATH=/nowhere/a:/nowhere/b
# env: OTHER=1
import os
import sys

print({name: value for name, value in os.environ.items() if name.startswith(("PYTHON", "HINDSIGHT", "OTHER"))})
print([entry for entry in sys.path if "nowhere" in entry or "hook" in entry])
print(os.popen("echo $PYTHONPATH $HINDSIGHT_LAUNCH").read())
