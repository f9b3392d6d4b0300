"""Grading pull requests; README.md has the law of this folder."""
