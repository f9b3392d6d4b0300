"""What `torch.cuda` answers on the simulated device of `simulated_gpu`: count, name, memory, streams, random numbers.

This file is apart from `simulated_gpu` because it knows nothing of tensors. It stands where the driver would: PyTorch's
own `torch.cuda` and `torch.accelerator` stay as they are, and find below them functions that answer as a GPU would.
"""

import itertools
import time
import types
from typing import Any, Callable, Dict, Optional, Set, Tuple

import torch

DEVICE_NAME = "Simulated CUDA device (computes on the CPU)"
CUDA = torch.device("cuda", 0)
MARK = "_simulated_cuda"
"""Name of the attribute of a storage that belongs to the device."""
_TOTAL_MEMORY = 16 * 2**30
_MEMORY_STATS = (
    "allocated_bytes active_bytes requested_bytes reserved_bytes inactive_split_bytes "
    "allocation active segment inactive_split"
).split()
_INVALID_ORDINAL = """CUDA error: invalid device ordinal
GPU device may be out of range, do you have enough GPUs?
CUDA kernel errors might be asynchronously reported at some other API call, so the stacktrace below might be incorrect.
For debugging consider passing CUDA_LAUNCH_BLOCKING=1
Compile with `TORCH_USE_CUDA_DSA` to enable device-side assertions.
"""


def check_index(index: Optional[int]) -> None:
    """Raise CUDA's error unless `index` is None (the current device), 0, or negative (no device)."""
    if index is not None and index > 0:
        raise getattr(torch, "AcceleratorError", RuntimeError)(_INVALID_ORDINAL)


_Generator = torch._C.Generator  # type: Any


class _GeneratorType(type(_Generator)):  # type: ignore[misc]
    """Keeps `isinstance(x, torch.Generator)` true for the generators that PyTorch makes itself."""

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, _Generator)


class Generator(_Generator, metaclass=_GeneratorType):  # type: ignore[misc]
    """Stands for `torch.Generator`; `Generator("cuda")` draws what a CPU generator of the same seed draws."""

    _addresses: Set[int] = set()

    def __new__(cls, device: Any = "cpu") -> Any:
        device = torch.device(device)
        if device.type != "cuda":
            return _Generator(device)
        check_index(device.index)
        generator = super().__new__(cls)
        cls._addresses.add(generator._cdata)
        return generator

    def __init__(self, device: Any = "cpu") -> None:
        """The device was settled in `__new__`."""

    def __del__(self) -> None:
        self._addresses.discard(self._cdata)

    @classmethod
    def owns(cls, generator: Any) -> bool:
        """Is it one of the simulated device? It comes out of C++ as another object at the same address."""
        return bool(generator._cdata in cls._addresses)

    @property
    def device(self) -> torch.device:
        """The simulated device."""
        return CUDA


class Stream:
    """Stands for `torch.cuda.Stream`. Work is done when it is asked for, so that there is nothing to wait for."""

    _identities = itertools.count(1)

    def __init__(self, device: Any = None, priority: int = 0, **known: int) -> None:
        self.stream_id = known["stream_id"] if "stream_id" in known else next(self._identities)
        self.cuda_stream = self.stream_id
        self.priority = priority
        self.device, self.device_index, self.device_type = CUDA, 0, 1

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Stream) and other.stream_id == self.stream_id

    def __hash__(self) -> int:
        return hash(self.stream_id)

    def __repr__(self) -> str:
        return "<torch.cuda.Stream device={} cuda_stream={:#x}>".format(self.device, self.cuda_stream)

    def query(self) -> bool:
        """Is all work done? Always."""
        return True

    def is_capturing(self) -> bool:
        """Is it recording a graph? Never."""
        return False

    def synchronize(self) -> None:
        """Wait for the work, which is done."""

    def wait_event(self, event: "Event") -> None:
        """Wait for an event, which has happened."""

    def wait_stream(self, stream: "Stream") -> None:
        """Wait for another stream, whose work is done."""

    def record_event(self, event: Optional["Event"] = None) -> "Event":
        """Record an event, a new one when none is given."""
        event = Event() if event is None else event
        event.record(self)
        return event


class Event:
    """Stands for `torch.cuda.Event`; its times are those of the process's clock."""

    def __init__(self, enable_timing: bool = False, **_: Any) -> None:
        self._timed = enable_timing
        self._moment = None  # type: Optional[float]

    def record(self, stream: Optional[Stream] = None) -> None:
        """Note the time."""
        self._moment = time.perf_counter()

    def elapsed_time(self, end_event: "Event") -> float:
        """Milliseconds from this event to `end_event`."""
        if self._moment is None or end_event._moment is None:
            raise ValueError("Both events must be recorded before calculating elapsed time.")
        if not (self._timed and end_event._timed):
            raise ValueError("Both events must be created with argument 'enable_timing=True'.")
        return 1000 * (end_event._moment - self._moment)

    def query(self) -> bool:
        """Has it happened? Always."""
        return True

    def synchronize(self) -> None:
        """Wait for it; it has happened."""

    def wait(self, stream: Optional[Stream] = None) -> None:
        """Let a stream wait for it; it has happened."""


class _Driver:
    """Answers what `torch.cuda` and `torch.accelerator` ask of the compiled part of PyTorch."""

    def __init__(self, allocated: Callable[[], int]) -> None:
        self._allocated = allocated
        self._peak = 0
        self._stream = (0, 0, 1)

    def set_device(self, index: int) -> None:
        check_index(index)

    def exchange_device(self, index: int) -> int:
        check_index(index)
        return -1 if index < 0 else 0

    def set_stream(self, stream_id: int, device_index: int = 0, device_type: int = 1) -> None:
        self._stream = (stream_id, device_index, device_type)

    def current_stream(self, index: int) -> Tuple[int, int, int]:
        return self._stream

    def memory_stats(self, index: int) -> Dict[str, Any]:
        held = self._allocated()
        self._peak = max(self._peak, held)
        bytes_held = {"current": held, "peak": self._peak, "allocated": held, "freed": 0}
        nothing = dict.fromkeys(bytes_held, 0)
        stats = {}  # type: Dict[str, Any]
        for name in _MEMORY_STATS:
            counts = bytes_held if name.endswith("_bytes") and not name.startswith("inactive") else nothing
            stats[name] = {"all": counts, "large_pool": nothing, "small_pool": counts}
        stats.update(oversize_allocations=nothing, oversize_segments=nothing, num_alloc_retries=0, num_ooms=0)
        return stats

    def reset_peak(self, index: int) -> None:
        self._peak = 0

    def memory_info(self, index: int) -> Tuple[int, int]:
        return _TOTAL_MEMORY - self._allocated(), _TOTAL_MEMORY


def _nothing(*_: Any) -> None:
    """Stands for what has no effect where work is done at once and memory is not cached."""


def _answers(driver: _Driver) -> Dict[str, Any]:
    """The functions of `torch._C` that the Python of `torch.cuda` and `torch.accelerator` calls."""
    cuda = {
        "getDeviceCount": lambda: 1,
        "getDevice": lambda: 0,
        "setDevice": driver.set_device,
        "exchangeDevice": driver.exchange_device,
        "maybeExchangeDevice": driver.exchange_device,
        "getCurrentStream": driver.current_stream,
        "getCurrentRawStream": lambda index: 0,
        "getDefaultStream": lambda index: (0, 0, 1),
        "setStream": driver.set_stream,
        "getArchFlags": lambda: None,
        "isCurrentStreamCapturing": lambda: False,
        "memoryStats": driver.memory_stats,
        "resetPeakMemoryStats": driver.reset_peak,
    }
    accelerator = {
        "getAccelerator": lambda: torch.device("cuda"),
        "getDeviceIndex": lambda: 0,
        "setDeviceIndex": driver.set_device,
        "exchangeDevice": driver.exchange_device,
        "maybeExchangeDevice": driver.exchange_device,
        "getStream": lambda index: Stream(stream_id=driver.current_stream(index)[0]),
        "setStream": lambda stream: driver.set_stream(stream.stream_id),
        "isAllocatorInitialized": lambda: True,
        "getMemoryInfo": driver.memory_info,
        "getDeviceStats": driver.memory_stats,
        "resetPeakStats": driver.reset_peak,
    }
    for name in ("init", "synchronize", "emptyCache", "ipc_collect", "resetAccumulatedMemoryStats"):
        cuda[name] = _nothing
    for name in ("emptyCache", "synchronizeDevice", "resetAccumulatedStats"):
        accelerator[name] = _nothing
    answers = {"_cuda_" + name: answer for name, answer in cuda.items()}
    answers.update({"_accelerator_" + name: answer for name, answer in accelerator.items()})
    return answers


def install(allocated: Callable[[], int]) -> None:
    """Put the simulated driver below `torch.cuda`.

    `allocated` counts the bytes that the device's tensors hold. The generator starts from the last seed given to
    `torch.manual_seed`, as CUDA's does when the seed came before the device was first used.
    """
    driver = _Driver(allocated)
    for name, answer in _answers(driver).items():
        setattr(torch._C, name, answer)
    generator = Generator("cuda")
    generator.manual_seed(torch.initial_seed())
    properties = types.SimpleNamespace(
        name=DEVICE_NAME, major=8, minor=0, total_memory=_TOTAL_MEMORY, multi_processor_count=1, warp_size=32
    )
    replaced = {
        "_initialized": True,
        "_cached_device_count": 1,
        "_exchange_device": driver.exchange_device,
        "_maybe_exchange_device": driver.exchange_device,
        "_get_device_properties": lambda index: properties,
        "_is_in_bad_fork": lambda: False,
        "cudart": lambda: types.SimpleNamespace(cudaMemGetInfo=driver.memory_info),
        "default_generators": (generator,),
        "is_current_stream_capturing": lambda: False,
        "Stream": Stream,
        "Event": Event,
    }
    for name, value in replaced.items():
        setattr(torch.cuda, name, value)
    torch.Generator = Generator  # type: ignore[misc]
