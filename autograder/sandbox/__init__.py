"""The seam behind which untrusted code runs; see README.md in this folder for its law."""
