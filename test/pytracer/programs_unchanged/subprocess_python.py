import os
import subprocess
import sys

print("parent", flush=True)
code = "import os, sys; print('child', sorted(k for k in os.environ if 'PYTHON' in k or 'HIND' in k), sys.argv)"
print(subprocess.call([sys.executable, "-c", code, "x"]))
done = subprocess.run([sys.executable, "-c", "1/0"], capture_output=True)
print(done.returncode, done.stderr.splitlines()[-1])
