"""The trusted side of the pipe; see README.md in this folder for its law."""
