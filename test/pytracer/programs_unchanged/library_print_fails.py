# env: PYTHONIOENCODING=ascii:strict
import logging
import sys

logging.basicConfig(stream=sys.stdout, format="%(message)s")
logging.warning("caf\u00e9")
print("goes on")
