import sys

VALUE = "the user's own"
sys.from_sitecustomize = sorted(name for name in sys.modules if "site" in name)
