"""A million lists in lists, to exhaust whoever reads them one inside the other."""


def build(where, right):
    where.with_name(f"{where.name}.ipynb").write_text('{"cells": ' + "[" * 10**6 + "]" * 10**6 + "}")
