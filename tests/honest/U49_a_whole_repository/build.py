"""A repository with its history, environment, caches, tests, papers and settings."""

import io
import tarfile


def build(where, right):
    files = {
        "basics.py": b"from right import *\n",
        "right.py": right,
        "README.md": b"# Homework\n",
        "requirements.txt": b"torch\n",
        "LICENSE": b"MIT\n",
        "report/report.pdf": b"%PDF-1.5\n",
        "setup.cfg": b"[flake8]\n",
        "tests/test_basics.py": b"raise SystemExit\n",
        ".gitignore": b"*.pyc\n",
        ".ipynb_checkpoints/basics-checkpoint.ipynb": b"{}",
        ".vscode/settings.json": b"{}",
        "__pycache__/basics.cpython-311.pyc": b"\0",
        **{f".git/objects/{number:02x}/{number:038x}": b"x" * 1000 for number in range(300)},
        **{f".venv/lib/python3.11/site-packages/package{number}.py": b"" for number in range(300)},
    }
    with tarfile.open(where.with_name(f"{where.name}.tar.gz"), "w:gz") as archive:
        link = tarfile.TarInfo("homework/.venv/bin/python")
        link.type, link.linkname = tarfile.SYMTYPE, "/usr/bin/python3"
        archive.addfile(link)
        for name, data in files.items():
            entry = tarfile.TarInfo(f"homework/{name}")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
