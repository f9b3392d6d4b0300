"""Which Python and which packages a worker sees.

A runtime is a named environment for workers. It holds the named distributions with everything that they depend on, and
nothing else that is installed beside them: no pytest, no grader, no reference. That of torch is part of the grader's
own environment; each other one lies in a folder of its own, where `install.py` puts it and `home.py` finds it.
"""

import importlib.metadata
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import SandboxUnavailable
from autograder.sandbox import packages

__all__ = ["NAMES", "OWN", "Runtime", "environment", "find", "settings"]

OWN = "torch"
"""The runtime that is part of the grader's own environment."""


@dataclass(frozen=True)
class Runtime:
    """A named environment for workers."""

    name: str
    distributions: tuple[str, ...]
    """What students may import, by distribution name; their dependencies come with them."""
    preload: tuple[str, ...]
    """Modules that the zygote imports before it forks, apart from what the translator imports."""
    framework: str
    """The module of `autograder.worker` that translates the framework's tensors."""
    frameworks: tuple[str, ...]
    """An answer that imports one of these may be for this runtime."""
    beside: tuple[str, ...] = ()
    """Frameworks that it may import as well."""
    on_demand: Mapping[str, str] = field(default_factory=dict)
    """Modules that the zygote imports at the first submission whose files have a word: word to module."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Environment variables of its workers."""
    python: str = "3.11"
    """The version of Python that its packages are built for, where it is not the grader's own."""
    derivative: str = ""
    """A program that prints the derivative of x**2 at 2, which shows that the framework computes."""
    libraries: tuple[tuple[str, str], ...] = ()
    """What is compiled at installation: a C file beside the pins, and where it goes in site-packages."""
    needs: tuple[str, ...] = ()
    """Debian packages that it needs and a bare system may not have."""
    size: int = 0
    """About how many bytes it takes on the disk."""

    def entries(self) -> list[Path]:
        """Return the files and folders of site-packages that the worker sees, sorted.

        Raises:
            SandboxUnavailable: a distribution is not installed.
        """
        return list(packages.entries(self.distributions))

    def importable(self) -> frozenset[str]:
        """Return the names of what a worker can import beside the standard library, at the top level.

        Raises:
            SandboxUnavailable: a distribution is not installed.
        """
        return frozenset(path.name.partition(".")[0] for path in self.entries())

    def demanded(self, files: Mapping[str, bytes]) -> tuple[str, ...]:
        """Return the modules on demand that a submission will import sooner or later."""
        return tuple(
            module
            for word, module in self.on_demand.items()
            if any(word.encode() in content for content in files.values())
        )

    def versions(self) -> dict[str, str]:
        """Return the version of each named distribution."""
        return {name: importlib.metadata.version(name) for name in self.distributions}


# Threads of Intel's OpenMP otherwise spin for a while when they have nothing to do.
_ONE_THREAD = {"KMP_BLOCKTIME": "0"}
_TENSORFLOW = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0", "KERAS_BACKEND": "tensorflow"}

_TABLE = (
    Runtime(
        name=OWN,
        distributions=("torch", "numpy", "scikit-learn", "matplotlib"),
        preload=("torch", "numpy"),
        framework="torch_values",
        frameworks=("torch",),
        # The first optimizer of a process imports torch._dynamo, which takes nearly as long as torch; and what large
        # libraries map would count as the submission's.
        on_demand={
            "optim": "torch._dynamo",
            "cuda": "torch._dynamo",
            "compile": "torch._dynamo",
            "sklearn": "sklearn.linear_model",
            "scipy": "scipy.stats",
            "matplotlib": "matplotlib.pyplot",
        },
    ),
    Runtime(
        name="jax",
        distributions=("jax", "jaxlib", "optax", "numpy"),
        preload=("jax", "jax.numpy", "numpy"),
        framework="jax_values",
        frameworks=("jax",),
        on_demand={"optax": "optax"},
        settings={"JAX_PLATFORMS": "cpu"},
        derivative="import jax; print(jax.grad(lambda x: x**2)(2.0))",
        size=630 * 2**20,
    ),
    Runtime(
        name="tensorflow",
        distributions=("tensorflow-cpu", "keras", "numpy"),
        preload=("tensorflow", "keras", "numpy"),
        framework="tensorflow_values",
        frameworks=("tensorflow", "keras"),
        settings=_TENSORFLOW,
        derivative="""
import tensorflow, keras
x = tensorflow.Variable(2.0)
with tensorflow.GradientTape() as tape:
    y = x**2
print(tape.gradient(y, x).numpy())
""",
        size=1550 * 2**20,
    ),
    Runtime(
        name="keras",
        distributions=("keras", "jax", "jaxlib", "optax", "numpy"),
        preload=("jax", "keras", "numpy"),
        framework="keras_values",
        frameworks=("keras",),
        beside=("jax",),
        on_demand={"optax": "optax"},
        settings={"JAX_PLATFORMS": "cpu", "KERAS_BACKEND": "jax"},
        derivative="import keras, jax; print(jax.grad(lambda x: keras.ops.square(x))(2.0))",
        size=700 * 2**20,
    ),
    Runtime(
        name="mxnet",
        distributions=("mxnet", "numpy"),
        preload=("mxnet", "numpy"),
        framework="mxnet_values",
        frameworks=("mxnet",),
        # Its other engines start threads in each fork, which may then make no namespaces. And with this one an error
        # is raised by the call that makes it.
        settings={**_ONE_THREAD, "MXNET_ENGINE_TYPE": "NaiveEngine"},
        derivative="""
import mxnet
x = mxnet.nd.array([2.0])
x.attach_grad()
with mxnet.autograd.record():
    y = x**2
y.backward()
print(x.grad.asscalar())
""",
        needs=("libgomp1", "libquadmath0"),
        size=300 * 2**20,
    ),
    Runtime(
        name="cntk",
        distributions=("cntk", "scipy", "numpy"),
        preload=("numpy",),
        framework="cntk_values",
        frameworks=("cntk",),
        settings=_ONE_THREAD,
        python="3.6",
        derivative="""
import sys, types
sys.modules["cntk.cntk_py_init"] = types.SimpleNamespace(
    cntk_check_distro_info=lambda: None, cntk_check_libs=lambda: None)
sys.modules["cntk.sample_installer"] = types.SimpleNamespace(install_samples=None)
import cntk, numpy
x = cntk.input_variable((), needs_gradient=True)
print(cntk.square(x).grad({x: numpy.array([2], "f")}).item())
""",
        libraries=(("no_mpi.c", "cntk/libs/libmpi.so.12"), ("no_mpi.c", "cntk/libs/libmpi_cxx.so.1")),
        size=450 * 2**20,
    ),
)
_RUNTIMES = {runtime.name: runtime for runtime in _TABLE}

NAMES = tuple(_RUNTIMES)
"""Every runtime that assignment.toml may name."""


def find(name: str) -> Runtime:
    """Return a runtime by name.

    Raises:
        SandboxUnavailable: there is none of this name.
    """
    if name not in _RUNTIMES:
        raise SandboxUnavailable(f"There is no runtime {name!r}; assignment.toml may name: {', '.join(_RUNTIMES)}.")
    return _RUNTIMES[name]


def environment(runtime: Runtime) -> dict[str, str]:
    """Return the environment variables of a runtime's workers: one thread, no colours, no caches outside scratch."""
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "USER": "student",
        "HOME": "/tmp",
        "TMPDIR": "/tmp",
        "MPLCONFIGDIR": "/tmp/matplotlib",
        **settings(runtime),
        # Its heap in huge pages: the zygote is forked for each worker, and a fork copies the tables of pages. And one
        # heap for all threads: each other would take 64 MiB of the address space that a worker may have.
        "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1:glibc.malloc.arena_max=1",
        **_kernel_choice(),
    }


def settings(runtime: Runtime) -> dict[str, str]:
    """Return those of a worker's environment variables that make sense on any system."""
    return {
        "MPLBACKEND": "Agg",
        # A zygote that has used two OpenMP threads hangs its forks.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        **runtime.settings,
    }


def _kernel_choice() -> dict[str, str]:
    """Pass on which kernel OpenBLAS is told to use: reference and submission must compute with the same."""
    return {name: value for name, value in os.environ.items() if name.startswith("OPENBLAS_") and "THREADS" not in name}
