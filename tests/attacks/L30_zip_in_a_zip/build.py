"""The answer is in a zip within a zip, as are bombs that pass a look at the outer one."""

import io
import zipfile


def build(where, right):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("basics.py", right)
        archive.writestr("zeros.bin", bytes(2**24))
    with zipfile.ZipFile(where.with_name(f"{where.name}.zip"), "w") as archive:
        archive.writestr("answer.zip", inner.getvalue())
