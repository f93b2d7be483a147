# env: PYTHONIOENCODING=latin-1:replace
import sys

print("caf\u00e9 \u4f60", sys.stdout.encoding, sys.stdout.errors)
sys.stdout.reconfigure(encoding="utf-8", errors="strict")
print("caf\u00e9 \u4f60")
sys.stdout.buffer.write(b"bytes\n")
