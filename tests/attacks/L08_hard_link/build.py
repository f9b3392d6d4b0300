"""A tar in which the module is a hard link to a file outside."""

import tarfile


def build(where, right):
    with tarfile.open(where.with_name(f"{where.name}.tgz"), "w:gz") as archive:
        link = tarfile.TarInfo("basics.py")
        link.type, link.linkname = tarfile.LNKTYPE, "../../reference/basics/basics.py"
        archive.addfile(link)
