"""NVML as its Python package offers it, for GPUs that a JSON file describes; FAKE_NVML names it.

{"driver": "580.65.06", "cuda": 13000,
 "gpus": [{"uuid": "GPU-aa", "name": "H100", "total": 85899345920, "free": 80000000000, "held": {"123": 1000}}]}
"""

import json
import os
from types import SimpleNamespace


class NVMLError(Exception):
    pass


def _told():
    path = os.environ.get("FAKE_NVML")
    if not path:
        raise NVMLError("Driver Not Loaded")
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def nvmlInit():
    _told()


def nvmlSystemGetDriverVersion():
    return _told()["driver"]


def nvmlSystemGetCudaDriverVersion_v2():
    return _told()["cuda"]


def nvmlDeviceGetCount():
    return len(_told()["gpus"])


def nvmlDeviceGetHandleByIndex(number):
    return number


def nvmlDeviceGetHandleByUUID(uuid):
    return next(number for number, gpu in enumerate(_told()["gpus"]) if gpu["uuid"] == uuid)


def nvmlDeviceGetUUID(number):
    return _told()["gpus"][number]["uuid"]


def nvmlDeviceGetName(number):
    return _told()["gpus"][number]["name"]


def nvmlDeviceGetMinorNumber(number):
    return number


def nvmlDeviceGetMemoryInfo(number):
    gpu = _told()["gpus"][number]
    return SimpleNamespace(total=gpu["total"], free=gpu["free"], used=gpu["total"] - gpu["free"])


def nvmlDeviceGetComputeRunningProcesses(number):
    held = _told()["gpus"][number].get("held", {})
    return [SimpleNamespace(pid=int(pid), usedGpuMemory=used) for pid, used in held.items()]
