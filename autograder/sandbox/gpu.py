"""The GPUs of this machine, as NVIDIA's driver tells of them. Nothing here initialises CUDA.

The driver is asked through its management library, NVML: what there is, how much memory is free, and how much of it
each process holds. What is said of a process is said by the kernel's driver, and not by the process.
"""

import functools
import importlib.metadata
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograder.errors import GpuUnavailable

__all__ = ["Gpu", "Seat", "find", "free_memory", "held_memory", "seats"]

CONTEXT_BYTES = 640 * 2**20
"""Of GPU memory, what a CUDA context with PyTorch's libraries takes at most before anything is computed."""
CONTEXTS = 2
"""Contexts of a slot: of the worker that answers, and of the one that waits for the next submission."""


@dataclass(frozen=True)
class Gpu:
    """One GPU."""

    uuid: str
    """By which CUDA_VISIBLE_DEVICES names it."""
    name: str
    minor: int
    """The number of its device file."""
    memory: int
    """Bytes."""
    driver: str
    """Version of the driver."""


@dataclass(frozen=True)
class Seat:
    """A slot's place on a GPU."""

    gpu: Gpu
    worker_bytes: int
    """GPU memory that one worker may hold, its context included."""
    reduced_precision: bool = False
    """May workers turn on products of lower precision than their dtype? They begin with all of that off."""

    @property
    def share(self) -> float:
        """The part of the GPU's memory that PyTorch lets one worker allocate."""
        return (self.worker_bytes - CONTEXT_BYTES) / self.gpu.memory

    def environment(self) -> dict[str, str]:
        """Return what a zygote must find in its environment before it imports PyTorch."""
        exact = {} if self.reduced_precision else {"NVIDIA_TF32_OVERRIDE": "0"}
        return {
            "CUDA_VISIBLE_DEVICES": self.gpu.uuid,
            # Whether there is a GPU is asked of NVML, so that asking initialises nothing.
            "PYTORCH_NVML_BASED_CUDA_CHECK": "1",
            # https://docs.nvidia.com/cuda/cublas/#results-reproducibility
            "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
            **exact,
        }

    def files(self) -> list[str]:
        """Return the device files that a worker needs, of those there are."""
        names = (f"nvidia{self.gpu.minor}", "nvidiactl", "nvidia-uvm", "nvidia-uvm-tools")
        return [path for path in (f"/dev/{name}" for name in names) if os.path.exists(path)]


def find() -> list[Gpu]:
    """Return the GPUs on which PyTorch can compute here, those alone that CUDA_VISIBLE_DEVICES names where it is set.

    Raises:
        GpuUnavailable: there is none, or PyTorch or the driver cannot use it; the message says which.
    """
    nvml = _nvml()
    wanted = _cuda_of_torch()
    if wanted is None:
        version = importlib.metadata.version("torch")
        raise GpuUnavailable(f"PyTorch {version} was built without CUDA. Install a build with it")
    known = divmod(nvml.nvmlSystemGetCudaDriverVersion_v2(), 1000)
    driver = str(nvml.nvmlSystemGetDriverVersion())
    if known[0] < wanted[0]:
        raise GpuUnavailable(
            f"the driver ({driver}) is too old: it knows CUDA {known[0]}.{known[1] // 10}, and PyTorch here is for "
            f"CUDA {wanted[0]}.{wanted[1]}. Install a newer driver"
        )
    found = [_gpu(nvml, number, driver) for number in range(nvml.nvmlDeviceGetCount())]
    visible = _visible(found, os.environ.get("CUDA_VISIBLE_DEVICES"))
    if not visible:
        hidden = "CUDA_VISIBLE_DEVICES names none of those there are" if found else "the driver finds none"
        raise GpuUnavailable(f"{hidden}. Look at nvidia-smi")
    return visible


def free_memory(gpu: Gpu) -> int:
    """Return the bytes of a GPU's memory that nobody holds."""
    nvml = _nvml()
    return int(nvml.nvmlDeviceGetMemoryInfo(nvml.nvmlDeviceGetHandleByUUID(gpu.uuid)).free)


def held_memory(gpu: Gpu) -> dict[int, int]:
    """Return the bytes of a GPU's memory that each process holds, by its number as the machine itself counts."""
    nvml = _nvml()
    handle = nvml.nvmlDeviceGetHandleByUUID(gpu.uuid)
    running = nvml.nvmlDeviceGetComputeRunningProcesses(handle)
    return {int(process.pid): int(process.usedGpuMemory or 0) for process in running}


def seats(gpus: Sequence[Gpu], worker_bytes: int, per_gpu: int | None, cores: int) -> list[Seat]:
    """Return the places for slots on some GPUs, in turn over them.

    Args:
        gpus: the GPUs.
        worker_bytes: GPU memory that a submission may hold, beside its context.
        per_gpu: slots on each; None: as many as its free memory holds, and no more in all than there are cores.
        cores: of this machine.

    Raises:
        GpuUnavailable: not even one fits.
    """
    whole = worker_bytes + CONTEXT_BYTES
    counts = {}
    for gpu in gpus:
        # The waiting worker holds its context alone.
        fit = free_memory(gpu) // (whole + (CONTEXTS - 1) * CONTEXT_BYTES)
        counts[gpu] = int(fit) if per_gpu is None else per_gpu
    most = max(counts.values())
    if most == 0:
        raise GpuUnavailable(
            f"{gpus[0].name} has {free_memory(gpus[0]) / 2**30:.1f} GiB free, and one submission may hold "
            f"{whole / 2**30:.1f}. End what else runs on it, or lower limits.gpu_memory"
        )
    found = [Seat(gpu, whole) for turn in range(most) for gpu in gpus if turn < counts[gpu]]
    return found if per_gpu is not None else found[: max(cores, 1)]


@functools.cache
def _nvml() -> Any:
    """Return NVML, opened.

    Raises:
        GpuUnavailable: it or the driver is not there.
    """
    try:
        import pynvml

        pynvml.nvmlInit()
    except ImportError:
        raise GpuUnavailable("the package nvidia-ml-py is not installed. Run `make setup`") from None
    except pynvml.NVMLError as error:
        raise GpuUnavailable(f"no driver answers ({str(error).strip()}). Look at nvidia-smi") from None
    return pynvml


def _cuda_of_torch() -> tuple[int, int] | None:
    """Return the version of CUDA that PyTorch was built for, without importing it; None where it has none."""
    path = importlib.metadata.distribution("torch").locate_file("torch/version.py")
    with open(str(path), encoding="utf-8") as file:
        match = re.search(r"^cuda.*= *['\"](\d+)\.(\d+)", file.read(), re.MULTILINE)
    return (int(match[1]), int(match[2])) if match else None


def _gpu(nvml: Any, number: int, driver: str) -> Gpu:
    handle = nvml.nvmlDeviceGetHandleByIndex(number)
    return Gpu(
        uuid=str(nvml.nvmlDeviceGetUUID(handle)),
        name=str(nvml.nvmlDeviceGetName(handle)),
        minor=int(nvml.nvmlDeviceGetMinorNumber(handle)),
        memory=int(nvml.nvmlDeviceGetMemoryInfo(handle).total),
        driver=driver,
    )


def _visible(gpus: list[Gpu], named: str | None) -> list[Gpu]:
    """Return those that CUDA_VISIBLE_DEVICES names, in its order: by number, or by the beginning of a UUID."""
    if named is None:
        return gpus
    found = []
    for name in filter(None, (part.strip() for part in named.split(","))):
        if name.isdigit():
            found += gpus[int(name) : int(name) + 1]
        else:
            found += [gpu for gpu in gpus if gpu.uuid.startswith(name)]
    return found
