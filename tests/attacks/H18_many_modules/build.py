"""A package of ten thousand modules, each of which imports the next."""


def build(where, right):
    package = where / "chain"
    package.mkdir(parents=True)
    (where / "right.py").write_bytes(right)
    (where / "basics.py").write_text("from chain import link0\nfrom right import *\n")
    (package / "__init__.py").touch()
    for number in range(10_000):
        (package / f"link{number}.py").write_text(f"from chain import link{number + 1}\n")
