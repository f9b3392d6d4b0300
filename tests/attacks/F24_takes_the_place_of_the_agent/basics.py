"""Moves the pipe with the requests, and answers them in a thread of its own: `add` wrongly, all others as they are."""

import os
import sys
import threading

from forge import of_the_agent
from right import *  # noqa: F403

agent, requests, replies = of_the_agent("agent"), of_the_agent("requests"), of_the_agent("replies")
worker = sys.modules[type(agent).__module__]
mine = os.dup(requests)
os.dup2(os.pipe()[0], requests)


def serve():
    while True:
        body = worker._read_frame(mine, 2**20)
        if body is None:
            os._exit(0)
        request = worker.wire.decode(body)
        if request.get("target") == "add":
            request["args"] = (0, 0)
        os.write(replies, agent.answer(request))


threading.Thread(target=serve).start()
