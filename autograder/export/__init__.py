"""Gradebooks and result files for other systems: pure functions over grades and results."""
