"""The inbox that students hand in to, and the feedback that they get back; README.md has the law of this folder."""
