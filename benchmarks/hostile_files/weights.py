"""``model.pth`` and ``optimizer.pth`` as nobody should accept them, and the variants that all should."""

from __future__ import annotations

import gzip
import io
import json
import pickle
import struct
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import safetensors.torch
import torch

from benchmarks.hostile_files import HostileFile
from core.networks import registry

Weights = dict[str, torch.Tensor]


def weights() -> Weights:
    """Return the state_dict of the MNIST network, the same in every process."""
    return registry.build("mnist", seed=3).state_dict()


def saved(value: object, **how: Any) -> bytes:
    """Return what ``torch.save`` writes."""
    buffer = io.BytesIO()
    torch.save(value, buffer, **how)
    return buffer.getvalue()


def model() -> bytes:
    """Return the sound ``model.pth`` that the others are made of."""
    return saved(weights())


def optimizer() -> bytes:
    """Return a sound ``optimizer.pth``: SGD with momentum after one step."""
    network = registry.build("mnist", seed=3)
    sgd = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.5)
    generator = torch.Generator().manual_seed(4)
    for parameter in network.parameters():
        parameter.grad = torch.randn(parameter.shape, generator=generator)
    sgd.step()
    return saved(sgd.state_dict())


class Call:
    """Pickles as a call of ``function``: what a hostile file uses to run code."""

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self.function, self.arguments = function, arguments

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return self.function, self.arguments


def code(marker: str) -> Iterator[tuple[str, object]]:
    """Yield ways to run code when unpickled; each would make the file ``marker``."""
    import importlib
    import os
    import runpy
    import subprocess

    touch = f"open({marker!r}, 'w').close()"
    yield "os.system", Call(os.system, f"touch {marker}")
    yield "subprocess", Call(subprocess.Popen, ["touch", marker])
    yield "eval", Call(eval, touch)
    yield "exec", Call(exec, touch)
    yield "open", Call(open, marker, "w")
    yield "os.open", Call(os.open, marker, os.O_CREAT)
    yield "os.mkdir", Call(os.mkdir, marker)
    yield "import", Call(importlib.import_module, "antigravity")
    yield "runpy", Call(runpy.run_path, "/dev/null")
    yield "torch.load inside", Call(torch.load, "/dev/null", None, None)
    yield "torch.hub", Call(torch.hub.load, "/", "x")
    yield "hook", Call(torch.Tensor.register_hook, torch.ones(1, requires_grad=True), print)
    yield "getattr", Call(getattr, Call(importlib.import_module, "os"), "system")


def with_pickle(payload: bytes, storage: bytes = b"") -> bytes:
    """Return an archive as ``torch.save`` writes it with ``payload`` as its pickle."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("archive/data.pkl", payload)
        archive.writestr("archive/byteorder", "little")
        archive.writestr("archive/data/0", storage)
        archive.writestr("archive/version", "3\n")
    return buffer.getvalue()


def repacked(
    content: bytes, change: Callable[[str, bytes], bytes | None], method: int = zipfile.ZIP_STORED
) -> bytes:
    """Return the archive with each member passed through ``change``; None leaves it out."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", method) as new:
        for member in old.infolist():
            part = change(member.filename, old.read(member))
            if part is not None:
                new.writestr(member.filename, part)
    return buffer.getvalue()


def huge_tensor() -> bytes:
    """A tensor of stride 0 that claims 10^12 elements in a file of a few hundred bytes."""
    return saved({"conv1.weight": torch.zeros(1).expand(10**6, 10**6)})


def list_bomb() -> bytes:
    """A pickle of 60 nested doublings: 2^60 references for a program that walks it."""
    body = b"\x80\x02]q\x00"
    for _ in range(60):
        body += b"2\x86"  # DUP, TUPLE2
    return with_pickle(body + b".")


def claims(opcode: bytes, size: int) -> bytes:
    """A pickle whose string or number claims ``size`` bytes that are not there."""
    return with_pickle(b"\x80\x04" + opcode + struct.pack("<Q" if opcode == b"\x8d" else "<i", size) + b"x.")


def changed(**tensors: torch.Tensor | object) -> dict[str, object]:
    """Return the weights with some replaced; ``_`` in a name stands for the dot."""
    return {**weights(), **{name.replace("_", ".", 1): value for name, value in tensors.items()}}


def broken_values() -> Iterator[tuple[str, object]]:
    """Yield state_dicts that open, but are not what the network needs."""
    bias = weights()["conv1.bias"]
    yield "NaN", changed(conv1_bias=bias * float("nan"))
    yield "infinity", changed(conv1_bias=bias / 0)
    yield "float64", changed(conv1_bias=bias.double())
    yield "float16", changed(conv1_bias=bias.half())
    yield "complex", changed(conv1_bias=bias.to(torch.complex64))
    yield "integers", changed(conv1_bias=bias.long())
    yield "other shape", changed(conv1_bias=bias[:5].clone())
    yield "more dimensions", changed(conv1_bias=bias[None])
    yield "meta", changed(conv1_bias=bias.to("meta"))
    yield "sparse", changed(conv1_bias=bias.to_sparse())
    yield "expanded", changed(conv1_bias=bias[:1].expand(10))
    yield "with gaps", changed(fc1_weight=torch.zeros(50, 640)[:, ::2])
    yield "a number", changed(conv1_bias=1.0)
    yield "a string", changed(conv1_bias="x" * 1000)
    yield "None", changed(conv1_bias=None)
    yield "missing", {name: value for name, value in weights().items() if name != "fc2.bias"}
    yield "one too many", {**weights(), "extra": bias}
    yield "numbers as names", dict(enumerate(weights().values()))
    yield "another network", registry.build("lenet5", seed=0).state_dict()
    yield "empty", {}
    yield "a list", list(weights().values())
    yield "a tensor", bias
    yield "markup as a name", {"<img src=x onerror=alert(1)>" * 100: bias}
    yield "nested 40 deep", nested(40)


def nested(depth: int) -> object:
    """Return the weights in a dictionary in a dictionary ..."""
    value: object = weights()
    for _ in range(depth):
        value = {"state_dict": value}
    return value


def sound_variants() -> Iterator[tuple[str, bytes]]:
    """Yield the ways in which people save weights that have to load."""
    yield "as saved", model()
    yield "DataParallel", saved(prefixed("module."))
    yield "compiled", saved(prefixed("_orig_mod."))
    yield "compiled and wrapped", saved(prefixed("module._orig_mod.net."))
    yield "averaged", saved({"n_averaged": torch.tensor(3), **prefixed("module.")})
    yield "nested", saved({"state_dict": weights(), "epoch": 3})
    yield (
        "nested, with NumPy's numbers",
        saved({"best": np.float64(0.9), "all": np.arange(4.0), "model": weights()}),
    )
    yield "as Parameters", saved({name: torch.nn.Parameter(value) for name, value in weights().items()})
    yield "OrderedDict", saved(OrderedDict(weights()))
    yield "a transposed view", saved(changed(fc1_weight=transposed_view(weights()["fc1.weight"])))
    yield "safetensors", safetensors.torch.save(weights())
    yield "safetensors, wrapped", safetensors.torch.save({f"model.{n}": v for n, v in weights().items()})


def transposed_view(matrix: torch.Tensor) -> torch.Tensor:
    """Return ``matrix``, laid out column by column."""
    return matrix.t().contiguous().t()


def prefixed(prefix: str) -> dict[str, object]:
    """Return the weights with ``prefix`` before every name."""
    return {prefix + name: value for name, value in weights().items()}


def with_header(header: bytes, numbers: bytes = b"") -> bytes:
    """Return a safetensors file with this header."""
    return struct.pack("<Q", len(header)) + header + numbers


def entry(dtype: str = "F32", shape: object = (1,), places: object = (0, 4)) -> dict[str, object]:
    """Return what the header of a safetensors file says of one tensor."""
    return {"dtype": dtype, "shape": shape, "data_offsets": places}


def wrong_safetensors() -> Iterator[tuple[str, bytes]]:
    """Yield safetensors files that lie or hold what the network does not need."""

    def header(**entries: object) -> bytes:
        return with_header(json.dumps(entries).encode(), bytes(4))

    whole = safetensors.torch.save(weights())
    bias = weights()["conv1.bias"]
    yield "half", whole[: len(whole) // 2]
    yield "without its last byte", whole[:-1]
    yield "something appended", whole + b"x" * 100
    yield "header of 2^60", struct.pack("<Q", 2**60) + b"{"
    yield "header of 90 MB", struct.pack("<Q", 90_000_000) + b"{" + b" " * 1000
    yield "header nested 100,000 deep", with_header(b'{"a":' + b"[" * 100_000)
    yield "header of 40,000 tensors", header(**{f"t{i}": entry(places=(0, 0), shape=(0,)) for i in range(40_000)})
    yield "10^18 numbers", header(a=entry(shape=(10**9, 10**9)))
    yield "a negative size", header(a=entry(shape=(-1,)))
    yield "places outside", header(a=entry(places=(0, 2**40)))
    yield "places backwards", header(a=entry(places=(4, 0)))
    yield "one place twice", header(a=entry(), b=entry())
    yield "a type that is none", header(a=entry(dtype="os.system"))
    yield "NaN", safetensors.torch.save({**weights(), "conv1.bias": bias * float("nan")})
    yield "float16", safetensors.torch.save({**weights(), "conv1.bias": bias.half()})
    yield "other shape", safetensors.torch.save({**weights(), "conv1.bias": bias[:5].clone()})
    yield "one too many", safetensors.torch.save({**weights(), "extra": bias.clone()})


def other_formats() -> Iterator[tuple[str, bytes]]:
    """Yield what people take for weights, and what is built to look like it."""
    traced = io.BytesIO()
    torch.jit.save(torch.jit.trace(registry.build("mnist", seed=3).eval(), torch.zeros(1, 1, 28, 28)), traced)
    arrays = io.BytesIO()
    np.savez(arrays, allow_pickle=False, **{name: value.numpy() for name, value in weights().items()})
    yield "TorchScript", traced.getvalue()
    yield "NumPy's arrays in a zip", arrays.getvalue()
    yield "zip of the weights", zipped({"model.pth": model()})
    yield "zip of nothing", zipped({})
    yield "ONNX", b"\x08\x08\x12\x07pytorch" + bytes(100)
    yield "HDF5", b"\x89HDF\r\n\x1a\n" + bytes(1000)
    yield "web page", b"<!DOCTYPE html><html>" + b"<p>404</p>" * 1000
    yield "Git LFS pointer", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
    yield "zeros", bytes(1_000_000)
    yield "gzip bomb", gzip.compress(bytes(50_000_000))
    old = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
    yield "old format, then nothing", old
    yield (
        "old format, then a number of 10 MB",
        old + b"\x80\x02\x8b" + struct.pack("<i", 10_000_000) + bytes(10_000_000),
    )
    yield "old format, then 10 MB of marks", old + b"\x80\x02" + b"(" * 10_000_000
    yield "old format, then a line of 10 MB", old + b"\x80\x02I" + b"9" * 10_000_000 + b"\n."
    yield "a pickle of marks", with_pickle(b"(" * 490_000)
    yield "many names", with_pickle(b"cos\nsystem\n0" * 40_000 + b"N.")


def zipped(parts: dict[str, bytes]) -> bytes:
    """Return an ordinary zip of ``parts``."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def wrappers() -> Iterator[tuple[str, object]]:
    """Yield dictionaries that test a reader that takes wrappers off."""
    shared: object = weights()
    for _ in range(60):
        shared = {"model": shared, "net": shared}
    yield "2^60 dictionaries in dictionaries", shared
    yield "10,000 dictionaries", {f"d{i}": {"a": i} for i in range(10_000)}
    yield "names of 100,000 dots", {"." * 100_000 + name: value for name, value in weights().items()}
    yield "two names that become one", {**prefixed("module."), **weights()}
    yield "nothing but wrappers", {"module._orig_mod": weights()["conv1.bias"]}
    yield "NumPy's arrays", {name: value.numpy() for name, value in weights().items()}
    yield "an array of NumPy's", {**weights(), "conv1.bias": weights()["conv1.bias"].numpy()}
    yield "an array of objects", {"a": np.array([print, open], dtype=object), **weights()}
    yield "itself", itself()


def itself() -> object:
    """Return a dictionary that holds itself."""
    checkpoint: dict[str, object] = {}
    checkpoint["model"] = checkpoint
    return checkpoint


def damaged_archives() -> Iterator[tuple[str, bytes]]:
    """Yield archives that are not what ``torch.save`` writes."""
    whole = model()
    yield "empty", b""
    yield "one byte", b"P"
    yield "text", b"hello " * 1000
    yield "picture", b"\x89PNG\r\n\x1a\n" + bytes(1000)
    yield "random", bytes((i * 7919 + i // 3) % 251 for i in range(50_000))
    for part in (10, 100, len(whole) // 2, len(whole) - 1, len(whole) - 22):
        yield f"first {part} bytes", whole[:part]
    yield "something appended", whole + b"x" * 100
    yield "something before", b"x" * 100 + whole
    yield "deflated", repacked(whole, lambda _, part: part, zipfile.ZIP_DEFLATED)
    yield "LZMA", repacked(whole, lambda _, part: part, zipfile.ZIP_LZMA)
    yield "no pickle", repacked(whole, lambda name, part: None if name.endswith(".pkl") else part)
    yield "no storage", repacked(whole, lambda name, part: None if name.endswith("data/3") else part)
    yield "short storage", repacked(whole, lambda name, part: part[:4] if "/data/" in name else part)
    yield "big-endian", repacked(whole, lambda name, part: b"big" if name.endswith("byteorder") else part)
    yield "nameless", repacked(whole, lambda name, part: part if name.endswith(".pkl") else None)
    yield "huge pickle", repacked(whole, lambda name, part: bytes(2_000_000) if name.endswith(".pkl") else part)
    yield "3,000 members", _many_members(3_000)
    yield "a member twice", _twice(whole)
    yield "bomb: 30 MB of zeros", bomb(30_000_000)
    yield "claims 4 GB", whole.replace(struct.pack("<I", 1000), struct.pack("<I", 0xFFFFFFF0))
    yield "encrypted", encrypted(whole)


def large_archives() -> Iterator[tuple[str, bytes]]:
    """Yield archives whose making takes seconds."""
    yield "bomb: 300 MB of zeros", bomb(300_000_000)
    yield "65 MB", bytes(65_000_000)


def _many_members(count: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for index in range(count):
            archive.writestr(f"archive/data/{index}", b"")
    return buffer.getvalue()


def _twice(content: bytes) -> bytes:
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a") as archive:
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # zipfile warns of just what is meant
            name = archive.namelist()[0]
            archive.writestr(name, pickle.dumps({}))
    return buffer.getvalue()


def bomb(size: int) -> bytes:
    """A deflated archive of a few hundred kilobytes that unpacks to ``size``."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("archive/data/0", "w", force_zip64=True) as member:
            for _ in range(size // 1_000_000):
                member.write(bytes(1_000_000))
        archive.writestr("archive/data.pkl", pickle.dumps({}))
    return buffer.getvalue()


def encrypted(content: bytes) -> bytes:
    """Set the flag for encryption in every header of the archive."""
    data = bytearray(content)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + place] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


def files(marker: str, large: bool = True) -> Iterator[HostileFile]:
    """Yield all of them; code in them would leave the file ``marker``."""
    for name, content in large_archives() if large else ():
        yield HostileFile(name, "model", content, checked=True)
    for name, payload in code(marker):
        yield HostileFile(f"code: {name}", "model", saved({"conv1.weight": payload}), checked=True)
    system = next(payload for name, payload in code(marker) if name == "os.system")
    old = {"_use_new_zipfile_serialization": False}
    yield HostileFile("code: old format", "model", saved({"a": system}, **old), checked=True)
    yield HostileFile("code: plain pickle", "model", pickle.dumps(system), checked=True)
    yield HostileFile("code: behind the weights", "model", saved({**weights(), "z": system}), checked=True)
    yield HostileFile("code: in the optimizer", "optimizer", saved({"state": {0: system}}), checked=True)
    yield HostileFile("code: whole module", "model", saved(registry.build("mnist", seed=0)), checked=True)
    yield HostileFile("old format", "model", saved(weights(), **old), checked=True)
    yield HostileFile("stride 0", "model", huge_tensor(), checked=True)
    yield HostileFile("nested lists", "model", list_bomb(), checked=True)
    for opcode, name in ((b"\x8d", "string"), (b"\x8b", "number"), (b"T", "bytes")):
        size = 2**50 if opcode == b"\x8d" else 2**31 - 1
        yield HostileFile(f"claims a {name} of {size} bytes", "model", claims(opcode, size), checked=True)
    yield HostileFile("deep", "model", with_pickle(b"(" * 100_000 + b"t" * 100_000 + b"."), checked=True)
    for name, value in broken_values():
        yield HostileFile(name, "model", saved(value), checked=True)
    for name, content in damaged_archives():
        yield HostileFile(name, "model", content, harmless=name.startswith("something"), checked=True)
    for name, payload in code(marker):
        hidden = {"best": np.float64(1), "a": payload, **weights()}
        yield HostileFile(f"code beside NumPy: {name}", "model", saved(hidden), checked=True)
    yield HostileFile(
        "code: whole module, old format", "model", saved(registry.build("mnist", seed=0), **old), checked=True
    )
    for name, value in wrappers():
        yield HostileFile(name, "model", saved(value), checked=True)
    for name, content in (*other_formats(), *wrong_safetensors()):
        yield HostileFile(name, "model", content, checked=True)
    for name, content in sound_variants():
        yield HostileFile(name, "model", content, sound=True, checked=True)
    yield from optimizers(large)


def optimizers(large: bool) -> Iterator[HostileFile]:
    """Yield an ``optimizer.pth`` that has to load, and those that are not what the run needs."""
    yield HostileFile("SGD", "optimizer", optimizer(), sound=True, checked=True)

    def without(change: Callable[[dict[str, Any]], object]) -> bytes:
        state = torch.load(io.BytesIO(optimizer()), weights_only=True)
        instead = change(state)
        return saved(instead if isinstance(instead, OrderedDict) else state)

    wrong: dict[str, Callable[[dict[str, Any]], object]] = {
        "weights instead": lambda _: weights(),
        "no groups": lambda state: state.pop("param_groups") and None,
        "no state": lambda state: state.pop("state") and None,
        "two groups": lambda state: state["param_groups"].append({}),
        "few parameters": lambda state: state["param_groups"][0].update(params=[0]),
        "parameters as text": lambda state: state["param_groups"][0].update(params="01234567"),
        "negative index": lambda state: state["state"].update({-1: state["state"][0]}),
        "index as text": lambda state: state["state"].update({"0": state["state"][0]}),
        "NaN": lambda state: state["state"][0]["momentum_buffer"].fill_(float("nan")),
        "other shape": lambda state: state["state"][0].update(momentum_buffer=torch.zeros(3)),
        "entry is a list": lambda state: state["state"].update({0: [1, 2]}),
        "Adam's memory": lambda state: state["state"].update({0: {"step": torch.ones(()), "exp_avg": 1}}),
        "stride 0": lambda state: state["state"][0].update(momentum_buffer=torch.zeros(1).expand(10, 1, 5, 5)),
    }
    if large:
        wrong["10^7 parameters"] = lambda state: state["param_groups"][0].update(params=list(range(10**7)))
    for name, change in wrong.items():
        yield HostileFile(name, "optimizer", without(change), checked=True)
    yield HostileFile("half a file", "optimizer", optimizer()[:5000], checked=True)
