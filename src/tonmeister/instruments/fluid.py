"""libfluidsynth through ctypes: a dry float renderer, one synthesizer per part.

The library is found by its usual file names. Its log is kept off the terminal and turned into
`InstrumentError`. Calls release the interpreter lock, so parts render in parallel threads.

API: https://www.fluidsynth.org/api/ (2.x).
"""

from __future__ import annotations

import ctypes
import threading
from ctypes import c_char_p, c_double, c_float, c_int, c_void_p
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from tonmeister.errors import InstrumentError
from tonmeister.instruments.schedule import BLOCK_FRAMES

if TYPE_CHECKING:
    from tonmeister.signal.buffer import Samples32

LIBRARY_NAMES = (
    "libfluidsynth.so.3",
    "libfluidsynth.so.2",
    "libfluidsynth.3.dylib",
    "libfluidsynth.dylib",
    "/opt/homebrew/lib/libfluidsynth.dylib",
    "/usr/local/lib/libfluidsynth.dylib",
    "libfluidsynth-3.dll",
)
GAIN = 0.2
"""The library's own default; instruments are matched in loudness relative to it."""

_FAILED = -1
_NOTES_AT_ONCE = 512
_FRAMES_AT_ONCE = 64 * BLOCK_FRAMES
_INTEGER_SETTINGS = {
    "synth.cpu-cores": 1,
    "synth.dynamic-sample-loading": 1,
    "synth.polyphony": _NOTES_AT_ONCE,
    "synth.reverb.active": 0,
    "synth.chorus.active": 0,
    "synth.midi-channels": 16,
}
_LogFunction = ctypes.CFUNCTYPE(None, c_int, c_char_p, c_void_p)
_SIGNATURES: dict[str, tuple[Any, list[Any]]] = {
    "fluid_version_str": (c_char_p, []),
    "fluid_set_log_function": (c_void_p, [c_int, _LogFunction, c_void_p]),
    "new_fluid_settings": (c_void_p, []),
    "delete_fluid_settings": (None, [c_void_p]),
    "fluid_settings_setint": (c_int, [c_void_p, c_char_p, c_int]),
    "fluid_settings_setnum": (c_int, [c_void_p, c_char_p, c_double]),
    "fluid_settings_setstr": (c_int, [c_void_p, c_char_p, c_char_p]),
    "new_fluid_synth": (c_void_p, [c_void_p]),
    "delete_fluid_synth": (None, [c_void_p]),
    "fluid_synth_sfload": (c_int, [c_void_p, c_char_p, c_int]),
    "fluid_synth_program_select": (c_int, [c_void_p, c_int, c_int, c_int, c_int]),
    "fluid_synth_set_gain": (None, [c_void_p, c_float]),
    "fluid_synth_noteon": (c_int, [c_void_p, c_int, c_int, c_int]),
    "fluid_synth_noteoff": (c_int, [c_void_p, c_int, c_int]),
    "fluid_synth_cc": (c_int, [c_void_p, c_int, c_int, c_int]),
    "fluid_synth_pitch_bend": (c_int, [c_void_p, c_int, c_int]),
    "fluid_synth_get_active_voice_count": (c_int, [c_void_p]),
    "fluid_synth_write_float": (
        c_int,
        [c_void_p, c_int, c_void_p, c_int, c_int, c_void_p, c_int, c_int],
    ),
}
_log = threading.local()
_SETTING_UP = threading.Lock()
"""Held while a synthesizer is made, given its sounds or freed: the library's first start-up and its
shared sample cache are not safe among threads (in 3 of 40 processes that began with four threads at
once, a part came out otherwise). Rendering itself shares nothing."""


def _keep_log(level: int, message: bytes | None, _data: int | None) -> None:
    """Keep the last message of this thread for an error; print nothing."""
    if level >= 0 and message:
        _log.last = message.decode("utf-8", "replace")


_KEEP_LOG = _LogFunction(_keep_log)


@lru_cache(maxsize=1)
def library() -> Any:
    """The loaded library, or None if this machine has none that can be used (2.0 or later)."""
    for name in LIBRARY_NAMES:
        try:
            found = ctypes.CDLL(name)
            for function, (result, arguments) in _SIGNATURES.items():
                getattr(found, function).restype = result
                getattr(found, function).argtypes = arguments
        except (OSError, AttributeError):
            continue
        for level in range(5):
            found.fluid_set_log_function(level, _KEEP_LOG, None)
        return found
    return None


def version() -> str | None:
    """The library's version, for example "2.3.1"; None if it is not installed."""
    found = library()
    return None if found is None else str(found.fluid_version_str().decode())


class FontSynth:
    """A synthesizer with one sound font loaded; a context manager, for one thread at a time.

    Args:
        font: an .sf2 or .sf3 file.
        rate_hz: 8000..96000, the library's own limits.
        gain: linear, `GAIN` is the library's default.

    Raises:
        InstrumentError: the library is missing, or it cannot load the font.
    """

    def __init__(self, font: Path, *, rate_hz: int, gain: float = GAIN) -> None:
        """Start the synthesizer and load the font."""
        if not 8000 <= rate_hz <= 96000:
            raise InstrumentError(
                f"sound fonts cannot be played at {rate_hz} Hz", expected="8000 to 96000 Hz"
            )
        self._lib = library()
        if self._lib is None:
            raise InstrumentError(
                "libfluidsynth is not installed",
                hint="Debian, Ubuntu: apt install libfluidsynth3; macOS: brew install fluid-synth.",
            )
        with _SETTING_UP:
            self._start(font, rate_hz, gain)

    def _start(self, font: Path, rate_hz: int, gain: float) -> None:
        _log.last = ""
        self._settings = c_void_p(self._lib.new_fluid_settings())
        for name, value in _INTEGER_SETTINGS.items():
            self._lib.fluid_settings_setint(self._settings, name.encode(), value)
        self._lib.fluid_settings_setnum(self._settings, b"synth.sample-rate", float(rate_hz))
        self._lib.fluid_settings_setstr(self._settings, b"synth.midi-bank-select", b"gm")
        self._synth = c_void_p(self._lib.new_fluid_synth(self._settings))
        self._lib.fluid_synth_set_gain(self._synth, gain)
        self._font = self._lib.fluid_synth_sfload(self._synth, str(font).encode(), 0)
        if self._font == _FAILED:
            self._free()
            raise InstrumentError(
                f"the sound font cannot be loaded ({_log.last or 'no cause given'})",
                where=str(font),
                hint="Install it anew, or name another one in $TONMEISTER_SOUNDFONT.",
            )

    def close(self) -> None:
        """Free the synthesizer; it must not be used any more."""
        with _SETTING_UP:
            self._free()

    def _free(self) -> None:
        if self._synth:
            self._lib.delete_fluid_synth(self._synth)
            self._lib.delete_fluid_settings(self._settings)
            self._synth = c_void_p(None)

    def __enter__(self) -> FontSynth:
        """Itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Free the synthesizer."""
        self.close()

    def select(self, channel: int, bank: int, program: int) -> bool:
        """Put a program on a channel; False if the font has no such program."""
        with _SETTING_UP:
            found = self._lib.fluid_synth_program_select(
                self._synth, channel, self._font, bank, program
            )
        return bool(found != _FAILED)

    def on(self, channel: int, key: int, velocity: int) -> None:
        """Strike a key."""
        self._lib.fluid_synth_noteon(self._synth, channel, key, velocity)

    def off(self, channel: int, key: int, _velocity: int) -> None:
        """Let go of a key (one that has died away already is no error)."""
        self._lib.fluid_synth_noteoff(self._synth, channel, key)

    def control(self, channel: int, controller: int, value: int) -> None:
        """Move a controller."""
        self._lib.fluid_synth_cc(self._synth, channel, controller, value)

    def bend(self, channel: int, value: int, _unused: int) -> None:
        """Move the bend wheel, 0..16383; 8192 is its rest."""
        self._lib.fluid_synth_pitch_bend(self._synth, channel, value)

    @property
    def silent(self) -> bool:
        """Whether no voice sounds, so that the frames up to the next event are zeros."""
        return bool(self._lib.fluid_synth_get_active_voice_count(self._synth) == 0)

    def write(self, samples: Samples32, start: int, stop: int) -> None:
        """Render frames `start` to `stop` into `samples`, float32 of shape (2, frames), C order.

        `start` must be a multiple of 64, and `stop` too except at the very end: the library
        computes in blocks of 64 frames. Stretches of silence are left as they are.
        """
        if samples.shape[0] != 2 or not samples.flags.c_contiguous or stop > samples.shape[1]:
            raise ValueError(f"no room for frames {start}..{stop} in {samples.shape}")
        left, right = (row.ctypes.data for row in samples)
        position = start
        while position < stop and not self.silent:
            count = min(_FRAMES_AT_ONCE, stop - position)
            result = self._lib.fluid_synth_write_float(
                self._synth, count, left, position, 1, right, position, 1
            )
            if result == _FAILED:
                raise InstrumentError(
                    f"libfluidsynth cannot render: {_log.last or 'no cause given'}"
                )
            position += count
