"""The integration with nbgrader; README.md has the law of this folder."""
