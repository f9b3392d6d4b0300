"""Task 4: saving and loading.

The file is the student's, so the judge reads it as bytes: nothing here unpickles.
"""

import contextlib
import io
import pickletools
import re
import zipfile

import pytest
import torch

from autograder.judge.verdict import Verdict

pytestmark = pytest.mark.task(4)

MOST_BYTES = 100_000
NUMPY_MAGIC = b"\x93NUMPY"

# What torch.save names for dicts, lists and tuples of tensors: it rebuilds values, and runs nothing of the student's.
REBUILDS_VALUES = re.compile(
    r"collections OrderedDict|torch Size|torch(\.storage)? \w*Storage|torch b?float\d+"
    r"|torch\._utils _rebuild_(tensor(_v[23])?|parameter)"
)

# Code that shows when it runs: as text, as a pickle that calls eval on it, and as an array of objects with that pickle.
EXPRESSION = b"open('witness.txt', 'w').write('changed')"
HOSTILE_PICKLE = b"\x80\x02cbuiltins\neval\nX" + len(EXPRESSION).to_bytes(4, "little") + EXPRESSION + b"\x85R."
OBJECT_HEADER = b"{'descr': '|O', 'fortran_order': False, 'shape': (), }".ljust(117) + b"\n"
HOSTILE_ARRAY = NUMPY_MAGIC + b"\x01\x00" + len(OBJECT_HEADER).to_bytes(2, "little") + OBJECT_HEADER + HOSTILE_PICKLE


def filled_net(student, draw, compare):
    """Return a SimpleNet and the values it now has, by name."""
    net = student.SimpleNet()
    compare.that(callable(net), f"`SimpleNet()` should give a network; yours gave {type(net).__name__}.")
    state = net.state_dict()
    compare.that(
        isinstance(state, dict) and bool(state) and all(isinstance(value, torch.Tensor) for value in state.values()),
        "The state dict of `SimpleNet` has no tensors, so there is nothing to save.",
    )
    values = {name: draw.normal(tuple(value.shape)) for name, value in state.items()}
    net.load_state_dict(values)
    return net, values


def check_loaded(student, compare, path, values, x, expected):
    """Check that the network behind `path` has these values, and these logits for x."""
    net = student.load(path)
    compare.that(callable(net), f"`load` should give a network; yours gave {type(net).__name__}.")
    compare.close(net.state_dict(), values, what="The loaded network's state_dict()")
    compare.close(net(x), expected, what="The output of the loaded network")


def members(data):
    """Return the members of a zip archive, the format of torch.save and np.savez, by name; {} for other files."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {item.filename: archive.open(item).read(MOST_BYTES) for item in archive.infolist()[:100]}
    except Exception:  # A damaged archive raises nearly anything, and the file is the student's.
        return {}


def pickled_names(data):
    """Return the classes and functions, as `module name`, that the pickles at the start of `data` refer to."""
    if data.startswith(NUMPY_MAGIC):
        # An array of objects is a pickle behind a header. Its length stands at 8: in 2 bytes or, from version 2, in 4.
        width = 2 if data[6:7] == b"\x01" else 4
        data = data[8 + width + int.from_bytes(data[8 : 8 + width], "little") :]
    names, stream = set(), io.BytesIO(data)
    with contextlib.suppress(ValueError):  # Raised where the pickles end, or at once when there is none.
        while True:
            names |= names_of_one_pickle(stream)
    # Plain text can be read as opcodes by accident ("bias1" begins with two); it then names no identifiers.
    return {name for name in names if re.fullmatch(r"[A-Za-z_][\w.]* [A-Za-z_][\w.]*", name)}


def names_of_one_pickle(stream):
    """Return what one pickle refers to, read from its opcodes; the stream stands behind it afterwards."""
    names, pushed, memo = set(), [""], {}
    for opcode, argument, _ in pickletools.genops(stream):
        if opcode.name in ("GLOBAL", "INST"):
            names.add(argument)
        elif opcode.name == "STACK_GLOBAL":
            names.add(" ".join(pushed[-2:]))
        elif opcode.name in ("MEMOIZE", "PUT", "BINPUT", "LONG_BINPUT"):
            memo[len(memo) if argument is None else argument] = pushed[-1]
        elif opcode.name in ("GET", "BINGET", "LONG_BINGET"):
            pushed.append(memo.get(argument, ""))
        elif isinstance(argument, str):
            pushed.append(argument)
    return names


def hostile_files(saved):
    """Return files that change witness.txt when they are trusted, by what they are; the last looks like `saved`."""
    files = {"a pickle": HOSTILE_PICKLE, "a line of Python": EXPRESSION}
    if saved.startswith(NUMPY_MAGIC):
        files["an array of objects"] = HOSTILE_ARRAY
    contents = members(saved)
    if contents:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as twin:
            for name, content in contents.items():
                content = HOSTILE_PICKLE if name.endswith(".pkl") else content
                twin.writestr(name, HOSTILE_ARRAY if content.startswith(NUMPY_MAGIC) else content)
        files["an archive like your own, with a pickle in it"] = archive.getvalue()
    return files


@pytest.mark.points(1)
@pytest.mark.hint("Save a network, load it in a new Python session, and compare the logits; is the file at path?")
@pytest.mark.allow("argument", reason="What is put into a network is what must come back from its file.")
def test_load_gives_back_the_saved_network(student, draw, compare):
    """What save wrote to a path, load gives back, from that file alone."""
    x = draw.normal((7, 2))
    saved = {}
    for path in ("first.pt", "second.net"):
        net, values = filled_net(student, draw, compare)
        saved[path] = (values, compare.shape(net(x), (7, 3), what="The output of the network"))
        student.save(net, path)
        compare.close(net(x), saved[path][1], what="The output of the network, once it was saved,")
    student.write_file("copy of first", student.read_file("first.pt"))
    for path, original in (("second.net", "second.net"), ("copy of first", "first.pt")):
        values, logits = saved[original]
        check_loaded(student, compare, path, values, x, logits)


@pytest.mark.points(0.5)
@pytest.mark.hint("Save what state_dict() gives, or plain arrays, rather than the network itself.")
@pytest.mark.allow(
    "zeros", "ones", "nan", "infinity", reason="It looks at what the file is made of; the test above, at its values."
)
def test_the_file_holds_values_only(student, draw, compare):
    """The saved file holds the values of the parameters, and no pickled code."""
    files = []
    for path in ("first.pt", "second.net"):
        student.save(filled_net(student, draw, compare)[0], path)
        files.append(student.read_file(path))
    compare.that(files[0] != files[1], "Two networks with different values gave the same file.")
    for data in files:
        parts = [data, *members(data).values()]
        compare.that(
            len(data) >= 75 and all(len(part) < MOST_BYTES for part in parts),
            f"The file should have from 75 to {MOST_BYTES} bytes, also unpacked; yours has {len(data)}.",
        )
        foreign = sorted(name for part in parts for name in pickled_names(part) if not REBUILDS_VALUES.fullmatch(name))
        compare.that(not foreign, f"The file names code that loading it would use: {', '.join(foreign)[:200]}.")


@pytest.mark.points(0.5)
@pytest.mark.hint("Read what the function that you load with says about files from somebody you do not trust.")
@pytest.mark.allow("argument", reason="What is put into a network is what must come back from its file.")
def test_load_runs_no_code_from_the_file(student, draw, compare):
    """A file with code in it is read, or refused, without running the code."""
    x = draw.normal((7, 2))
    net, values = filled_net(student, draw, compare)
    logits = net(x)
    student.save(net, "own.pt")
    check_loaded(student, compare, "own.pt", values, x, logits)
    for what, data in hostile_files(student.read_file("own.pt")).items():
        student.write_file("witness.txt", b"unchanged")
        student.write_file("hostile.pt", data)
        with contextlib.suppress(Verdict):  # To refuse the file with an exception is right; only its code may not run.
            student.load("hostile.pt")
        compare.that(student.read_file("witness.txt") == b"unchanged", f"`load` ran code that it found in {what}.")
