"""HTML, Markdown and templates in exceptions, names of types, functions and files, values, and printed lines."""

HELPER = "<style>*{display:none}.py"
CODE = f"""
import os

from right import *

names = {{}}
with open("{HELPER}") as file:
    exec(compile(file.read(), os.path.abspath("{HELPER}"), "exec"), names)
Error = type("Error<script>alert(1)</script>", (Exception,), {{}})


def add(a, b):
    names["raises"](Error("</pre></p><script src='https://evil.example'></script>"))


def mean(x):
    raise ValueError("[click](javascript:alert(1)) ![](https://evil.example/beacon.png) @everyone")


def scale(x, factor):
    return type("<svg onload=alert(1)>", (), {{}})()


def summary(x):
    print("</pre></section><h1>12 / 12</h1> {{{{ 7 * 7 }}}} {{% raw %}} ]]> <!-- &lt;script&gt;")
    return "<script>alert(1)</script>"
"""


def build(where, right):
    where.mkdir(parents=True)
    (where / "basics.py").write_text(CODE)
    (where / "right.py").write_bytes(right)
    (where / HELPER).write_text("def raises(error):\n    raise error\n")
    (where / "<img src=x onerror=alert(1)>.pyc").touch()
