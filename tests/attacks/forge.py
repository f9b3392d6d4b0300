"""Replaces what the worker is about to reply."""

import sys


def of_the_agent(wanted):
    """A local variable of whoever answers requests."""
    frame = sys._getframe(1)
    while wanted not in frame.f_locals or not frame.f_code.co_filename.startswith("/runtime/"):
        frame = frame.f_back
    return frame.f_locals[wanted]


def reply_with(make):
    """Send what `make` returns for the number of the request, in place of the next reply."""
    agent = of_the_agent("agent")

    def forged(identity, honest):
        del agent._frame
        return make(identity)

    agent._frame = forged


def frame(header, behind=b""):
    body = header if isinstance(header, bytes) else header.encode()
    body += b"\n" + behind
    return len(body).to_bytes(8, "big") + body


def value(tree, behind=b""):
    """Reply with a value that is written as the wire writes it."""
    reply_with(lambda identity: frame(f'["d","id","{identity}","value",{tree}]', behind))
