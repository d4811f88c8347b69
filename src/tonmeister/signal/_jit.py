"""How the kernels are compiled: the one place that knows numba's options.

All kernels share these rules: planar float32 in and out, float64 state in recursions, nothing
allocated per frame, one signature each (so that the compiled code is found in numba's cache), and
denormals flushed between blocks. Of the fast-math family only what keeps results the same from run
to run is used: reassociation would even lengthen the filters' critical path.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np

from tonmeister.signal.buffer import Samples32

KernelT = TypeVar("KernelT", bound=Callable[..., Any])


def kernel(function: KernelT) -> KernelT:
    """Compile a function on first use, keep the machine code on disk, release the GIL."""
    options: dict[str, Any] = {"nogil": True, "cache": True, "error_model": "numpy"}
    compile_later = numba.njit(fastmath={"contract", "nsz", "nnan"}, **options)
    return cast("KernelT", compile_later(function))


def plain(samples: Samples32) -> Samples32:
    """The same samples as a read-only, C-ordered, aligned view, copied only if need be.

    To numba a read-only array is another type than a writeable one. All kernel inputs are
    read-only, so that sound straight from a mapped file needs neither copy nor new compilation.
    """
    view = np.require(samples, np.float32, ["C", "A"]).view()
    view.flags.writeable = False
    return view


def stereo(samples: Samples32) -> Samples32:
    """Two plain channels, a single one doubled."""
    return plain(samples if samples.shape[0] == 2 else np.repeat(samples, 2, axis=0))
