import sys

sys.customised = True
