# as: module
# args: x y
import os
import sys

print(__name__, __package__ == "", __spec__.name, sys.argv[1:], os.path.basename(sys.argv[0]))
print(sys._getframe().f_back.f_code.co_name)
raise SystemExit(6)
