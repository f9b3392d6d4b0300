"""Reports for people: pure functions over results."""
