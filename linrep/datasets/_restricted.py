"""Reading pickled arrays without running what a pickle may hold."""

import io
import math
import pickle
from typing import Any

import numpy as np

from linrep._checks import InputError

NUMPY = ("numpy.core.multiarray", "numpy._core.multiarray")
"""Where NumPy before and from 2 keeps the function that arrays are restored with."""

ARRAY = "numpy.ndarray"


def read_pickle(data: bytes, name: str) -> Any:
    """What a pickle holds, if that is arrays of numbers, bytes, texts, numbers, lists, tuples and dictionaries.

    Args:
        data: the pickle, of any protocol; texts of Python 2 are read as bytes.
        name: what to call it in an error.

    Raises:
        InputError: a pickle that asks for anything else, none of which is imported or run, or a damaged one.

    >>> read_pickle(pickle.dumps({b"labels": [3, 5], b"data": np.arange(2)}), "batch")
    {b'labels': [3, 5], b'data': array([0, 1])}
    """
    try:
        return _finished(_Restricted(io.BytesIO(data), encoding="bytes").load())
    except InputError as error:
        raise InputError(f"datasets: {name} asks for {error}") from error
    except Exception as error:  # a damaged pickle fails in as many ways as there are instructions
        raise InputError(
            f"datasets: {name} is not a readable pickle ({type(error).__name__}: {error}); fetch the archive again."
        ) from error


class _Restricted(pickle.Unpickler):
    """Finds stand-ins of the few functions that an array of numbers is restored with, and nothing else.

    The stand-ins have no attributes that a pickle could set, and NumPy sees only what they have checked.
    """

    def find_class(self, module: str, name: str) -> Any:
        if module in NUMPY and name == "_reconstruct":
            return _Reconstruct()
        known = {ARRAY: ARRAY, "numpy.dtype": _Dtype(), "_codecs.encode": _Encode(), "__builtin__.bytes": _NoBytes()}
        return known[f"{module}.{name}"] if f"{module}.{name}" in known else _refuse(f"{module}.{name}")


class _Type:
    """The type of numbers, with the order of their bytes once that is told."""

    __slots__ = ("value",)

    def __init__(self, code: Any) -> None:
        text = code.decode("ascii") if isinstance(code, bytes) else code
        if not isinstance(text, str) or text[:1] not in "biuf" or not text[1:].isdigit():
            _refuse(f"an array of type {text!r}")
        self.value = np.dtype(text)

    def __setstate__(self, state: Any) -> None:
        order = state[1].decode("ascii") if isinstance(state[1], bytes) else state[1]
        self.value = self.value.newbyteorder(order)


class _Array:
    """An array of numbers, empty until its content is told."""

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value = np.zeros(0)

    def __setstate__(self, state: Any) -> None:
        _, shape, kind, by_columns, raw = state
        if not isinstance(kind, _Type) or not isinstance(raw, bytes):
            _refuse("an array of other things than numbers")
        if any(size < 0 for size in shape) or math.prod(shape) * kind.value.itemsize != len(raw):
            _refuse(f"an array of shape {shape} with {len(raw)} bytes")
        flat = np.frombuffer(raw, dtype=kind.value)
        self.value = flat.reshape(shape, order="F" if by_columns else "C").copy()


class _Reconstruct:
    __slots__ = ()

    def __call__(self, kind: Any, *rest: Any) -> _Array:
        return _Array() if kind == ARRAY else _refuse("a kind of array that is not plain")


class _Dtype:
    __slots__ = ()

    def __call__(self, code: Any, *rest: Any) -> _Type:
        return _Type(code)


class _Encode:
    """Bytes as Python 3 writes them in an old protocol."""

    __slots__ = ()

    def __call__(self, text: Any, encoding: Any) -> bytes:
        return text.encode("latin1") if encoding in ("latin1", b"latin1") else _refuse(f"the encoding {encoding!r}")


class _NoBytes:
    """No bytes at all as Python 3 writes them in an old protocol."""

    __slots__ = ()

    def __call__(self) -> bytes:
        return b""


def _finished(value: Any) -> Any:
    """The same with arrays in place of what stood for them."""
    if isinstance(value, _Array):
        return value.value
    if isinstance(value, dict):
        return {_finished(key): _finished(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_finished(entry) for entry in value)
    return value if isinstance(value, (bytes, str, int, float, type(None))) else _refuse(f"a {type(value).__name__}")


def _refuse(what: str) -> Any:
    raise InputError(
        f"{what}, but only arrays of numbers, bytes, lists and dictionaries are read; it is not a plain data file, so "
        "do not trust it."
    )
