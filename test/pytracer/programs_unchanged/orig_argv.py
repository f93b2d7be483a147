# needs: 3.10
# options: -X dev -W ignore
# args: one
import os
import sys

print([os.path.basename(word) for word in sys.orig_argv], sys.flags.dev_mode, sys.warnoptions)
