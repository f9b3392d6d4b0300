"""A number of a million digits, which takes long to be read."""


def build(where, right):
    where.with_name(f"{where.name}.ipynb").write_text('{"nbformat": ' + "9" * 10**6 + ', "cells": []}')
