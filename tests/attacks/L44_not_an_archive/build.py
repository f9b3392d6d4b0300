"""A page of the learning platform, saved under the name of an archive."""


def build(where, right):
    where.with_name(f"{where.name}.zip").write_text("<!doctype html><title>Please log in</title>")
