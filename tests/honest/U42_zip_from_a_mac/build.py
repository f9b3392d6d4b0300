"""A zip made by a Mac's Finder: a folder in a folder, with the Finder's own files beside each."""

import zipfile


def build(where, right):
    files = {
        "Homework 1/.DS_Store": b"\0\0\0\1Bud1",
        "__MACOSX/Homework 1/._.DS_Store": b"\0\5\x16\7",
        "Homework 1/Ada Lovelace/basics.py": b"from helpers import *\n",
        "__MACOSX/Homework 1/Ada Lovelace/._basics.py": b"\0\5\x16\7",
        "Homework 1/Ada Lovelace/helpers/__init__.py": right,
        "__MACOSX/Homework 1/Ada Lovelace/helpers/.___init__.py": b"\0\5\x16\7",
        "Homework 1/Ada Lovelace/Icon\r": b"",
    }
    with zipfile.ZipFile(where.with_name(f"{where.name}.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        for folder in ("Homework 1/", "Homework 1/Ada Lovelace/", "Homework 1/Ada Lovelace/helpers/"):
            archive.writestr(folder, b"")
        for name, data in files.items():
            archive.writestr(name, data)
