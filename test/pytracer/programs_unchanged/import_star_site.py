# env: PYTHONPATH=site_folder
# files: site_folder/sitecustomize.py
import sys

print(sys.modules["sitecustomize"].VALUE, sys.modules["sitecustomize"].__name__)
print(getattr(sys, "from_sitecustomize", None))
