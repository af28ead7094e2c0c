"""Files of weights: told apart by content, read alike by the command and by Train, refused with a way out."""

from __future__ import annotations

import io
import json
import pickle
import struct
import sys
import types
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save as safetensors_of
from torch import Tensor, nn

from core import i18n, recognise, weights
from core.errors import InvalidSetting
from core.file_kind import NamedFile
from core.networks import registry
from core.training import imported_state
from tests.training.data import SMALL

Weights = dict[str, Tensor]


def saved(value: object, **how: Any) -> bytes:
    buffer = io.BytesIO()
    torch.save(value, buffer, **how)
    return buffer.getvalue()


def nested() -> bytes:
    return saved({n: torch.nested.nested_tensor([torch.ones(2), torch.ones(3)]) for n in mnist()})


def refused_by_torch(content: bytes) -> bool:
    """Whether torch refuses a name in the file, as some releases do that of nested tensors."""
    return bool(torch.serialization.get_unsafe_globals_in_checkpoint(io.BytesIO(content)))


def mnist() -> Weights:
    return dict(registry.build("mnist", seed=3).state_dict())


def named(prefix: str, extra: dict[str, object] | None = None) -> dict[str, object]:
    return {**(extra or {}), **{prefix + name: value for name, value in mnist().items()}}


def averaged() -> object:
    return torch.optim.swa_utils.AveragedModel(registry.build("mnist", seed=3)).state_dict()


def parts_compiled() -> object:
    network = registry.build("mnist", seed=3)
    network.conv1 = torch.compile(network.conv1)  # type: ignore[assignment]
    return nn.DataParallel(network).state_dict()


def container() -> object:
    """What a training script saves: weights, optimizer, scheduler, and NumPy's numbers beside them."""
    network = registry.build("mnist", seed=3)
    sgd = torch.optim.SGD(network.parameters(), lr=0.1, momentum=0.5)
    network(torch.ones(2, 1, 28, 28)).sum().backward()
    sgd.step()
    return {
        "epoch": np.int64(4),
        "best": np.float64(0.98),
        "history": np.arange(5.0),
        "numpy": np.random.RandomState(1).get_state(),
        "model": mnist(),
        "optimizer": sgd.state_dict(),
        "scheduler": torch.optim.lr_scheduler.MultiStepLR(sgd, [3, 5]).state_dict(),
        "losses": torch.zeros(3),
    }


COMPILED = {"compile", "compile, then DataParallel", "a compiled part"}
READ: dict[str, Callable[[], bytes]] = {
    "as the tutorial saves it": lambda: saved(mnist()),
    "DataParallel": lambda: saved(named("module.")),
    "compile": lambda: saved(torch.compile(registry.build("mnist", seed=3)).state_dict()),
    "compile, then DataParallel": lambda: saved(
        nn.DataParallel(torch.compile(registry.build("mnist", seed=3))).state_dict()
    ),
    "DataParallel, then compile": lambda: saved(named("_orig_mod.module.")),
    "a compiled part": lambda: saved(parts_compiled()),
    "an attribute net": lambda: saved(named("net.")),
    "an attribute model, in Lightning's dictionary": lambda: saved({"epoch": 1, "state_dict": named("model.")}),
    "attributes, compiled and wrapped": lambda: saved(named("module.model._orig_mod.net.")),
    "averaged": lambda: saved(averaged()),
    "averaged and compiled": lambda: saved(named("_orig_mod.module.", {"_orig_mod.n_averaged": torch.tensor(3)})),
    "a training script's dictionary": lambda: saved(container()),
    "nested twice": lambda: saved({"checkpoint": {"state_dict": named("module.")}}),
    "under a name of its own": lambda: saved({"my_cnn": mnist(), "accuracy": 0.9}),
    "parameters": lambda: saved({name: nn.Parameter(value) for name, value in mnist().items()}),
    "safetensors": lambda: safetensors_of(mnist()),
    "safetensors, wrapped": lambda: safetensors_of({"model." + name: value for name, value in mnist().items()}),
}


def slow_where_compiled(kind: str) -> object:
    """Return ``kind`` as a parameter; torch takes seconds to import its compiler."""
    return pytest.param(kind, marks=pytest.mark.heavy if kind in COMPILED else ())


@pytest.mark.parametrize("kind", map(slow_where_compiled, READ))
def test_the_command_and_train_read_the_same_weights(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "best.pt"
    file.write_bytes(READ[kind]())
    reader = recognise.load(file)
    snapshot = imported_state.start_from_files(SMALL, NamedFile(file.name, file.read_bytes()))
    trained = torch.load(io.BytesIO(snapshot.files["model.pth"]), weights_only=True)
    for name, value in mnist().items():
        assert torch.equal(reader.net.state_dict()[name], value)
        assert torch.equal(trained[name], value)


def test_reading_numbers_of_numpy_leaves_torch_as_it_was() -> None:
    before = set(torch.serialization.get_safe_globals())
    weights.read(NamedFile("a.pth", saved({"accuracy": np.float64(1), "a": torch.ones(1)})))
    assert set(torch.serialization.get_safe_globals()) == before


def test_an_optimizer_is_read_out_of_a_training_scripts_dictionary() -> None:
    file = NamedFile("last.pth", saved(container()))
    memory = torch.load(
        io.BytesIO(imported_state.start_from_files(SMALL, file, file).files["optimizer.pth"]), weights_only=True
    )
    assert set(memory["state"][0]) == {"momentum_buffer"}


# --- What is not read is told for what it is


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_DOT_", "."), content)
    return buffer.getvalue()


def own_class() -> type[nn.Module]:
    """A class as another program has it: of a module that is gone when the file is read."""
    module = types.ModuleType("their_program")

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(2, 2)

    Net.__module__, Net.__qualname__ = "their_program", "Net"
    module.Net = Net  # type: ignore[attr-defined]
    sys.modules["their_program"] = module
    return Net


def of_their_program(wrap: Callable[[nn.Module], object] = lambda net: net, **how: Any) -> bytes:
    try:
        return saved(wrap(own_class()()), **how)
    finally:
        del sys.modules["their_program"]


def torchscript() -> bytes:
    buffer = io.BytesIO()
    torch.jit.save(torch.jit.trace(registry.build("mnist", seed=3).eval(), torch.zeros(1, 1, 28, 28)), buffer)
    return buffer.getvalue()


def npz() -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, a=np.ones(3))
    return buffer.getvalue()


class Bag:
    """Any object that is no module."""


OLD = {"_use_new_zipfile_serialization": False}
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 88684\n"
ONNX = b"\x08\x08\x12\x07pytorch\x1a\x052.4.0:" + bytes(50)
TOLD: dict[str, tuple[Callable[[], bytes], list[str]]] = {
    "empty": (lambda: b"", ["empty", "get it again"]),
    "zeros": (lambda: bytes(5000), ["only zeros", "get it again"]),
    "web page": (lambda: b"\xef\xbb\xbf\n <!DOCTYPE HTML><html>404</html>", ["web page", "download"]),
    "XHTML": (lambda: b"<?xml version='1.0'?><!-- x --><html xmlns='x'></html>", ["web page"]),
    "Git LFS pointer": (lambda: POINTER, ["Git LFS pointer", "git lfs pull"]),
    "gzip": (lambda: b"\x1f\x8b\x08\x00" + bytes(30), ["packed with gzip", "unpack"]),
    "7-Zip": (lambda: b"7z\xbc\xaf\x27\x1c" + bytes(30), ["packed with 7-Zip"]),
    "tar": (lambda: b"net.pth".ljust(257, b"\0") + b"ustar" + bytes(300), ["packed with tar"]),
    "zip of a file": (lambda: zipped(net_DOT_pth=saved(mnist())), ["ZIP", "unpack"]),
    "whole model": (of_their_program, ["whole model", "class their_program.Net", "network.state_dict()"]),
    "whole model in a dictionary": (
        lambda: of_their_program(lambda net: OrderedDict(a=torch.ones(1), net=net)),
        ["whole model", "class their_program.Net"],
    ),
    "whole model of torch's own": (lambda: saved(nn.Sequential(nn.Linear(2, 2))), ["whole model", "Sequential"]),
    "whole model, protocol 4": (lambda: of_their_program(pickle_protocol=4), ["class their_program.Net"]),
    "whole model, old format": (lambda: of_their_program(**OLD), ["whole model", "class their_program.Net"]),
    "an object beside the weights": (
        lambda: saved({**mnist(), "a": Bag()}),
        ["more than tensors", "Bag", "state_dict"],
    ),
    "TorchScript": (torchscript, ["TorchScript", "torch.jit.load('given.pth'"]),
    "old format": (lambda: saved(mnist(), **OLD), ["before 1.6", "torch.load('given.pth', map_location='cpu', w"]),
    "pickle": (lambda: pickle.dumps({"a": 1}), ["pickle", "torch.save"]),
    "ONNX": (lambda: ONNX, ["ONNX", "torch.save"]),
    "HDF5": (lambda: b"\x89HDF\r\n\x1a\n" + bytes(100), ["HDF5", "torch.save"]),
    "NumPy": (npz, ["NumPy"]),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(50), ["PNG"]),
    "text": (lambda: b"hello\n" * 100, ["not a file of weights", "torch.save"]),
    "cut off": (lambda: saved(mnist())[:40_000], ["cut off", "get it again"]),
    "safetensors, cut off": (lambda: safetensors_of(mnist())[:-5], ["cut off", "get it again"]),
    "a pickle that is none": (lambda: zipped(a__data_DOT_pkl=b"\x80\x02nonsense"), ["damaged inside", "again"]),
    "half precision": (
        lambda: saved({n: v.half() for n, v in mnist().items()}),
        ["given.pth: conv1.weight", "float()"],
    ),
    "sparse": (
        lambda: saved({n: v.to_sparse() for n, v in mnist().items()}),
        ["conv1.weight is not a plain tensor"],
    ),
    "nested": (
        nested,
        ["holds more than tensors" if refused_by_torch(nested()) else "conv1.weight is not a plain tensor"],
    ),
    "of the meta device": (
        lambda: saved({n: v.to("meta") for n, v in mnist().items()}),
        ["conv1.weight is not a plain tensor"],
    ),
    "quantized": (
        lambda: saved({n: torch.quantize_per_tensor(v, 0.1, 0, torch.qint8) for n, v in mnist().items()}),
        ["conv1.weight is torch.qint8"],
    ),
    "NumPy's arrays": (lambda: saved({n: v.numpy() for n, v in mnist().items()}), ["no state_dict"]),
    "an optimizer's": (
        lambda: saved(torch.optim.SGD(registry.build("mnist").parameters(), 0.1, momentum=0.9).state_dict()),
        ["the state of an optimizer", "network.state_dict()"],
    ),
    "one byte": (lambda: b"\x08", ["not a file of weights"]),  # as ONNX begins
    "tuples in tuples": (
        lambda: zipped(m__data_DOT_pkl=b"\x80\x02})" + b"\x85" * 300_000 + b"K\x01s.", m__version=b"3"),
        ["more tensors than any network here"],
    ),
    "an array of NumPy's": (lambda: saved({**mnist(), "fc2.bias": np.ones(10)}), ["fc2.bias", "of NumPy"]),
}


@pytest.mark.parametrize("kind", TOLD)
def test_what_is_not_read_is_told_for_what_it_is_with_the_way_out(kind: str, tmp_path: Path) -> None:
    make, words = TOLD[kind]
    file = NamedFile("given.pth", make())
    (tmp_path / file.name).write_bytes(file.content)
    with pytest.raises(InvalidSetting) as by_command:
        recognise.load(tmp_path / file.name)
    with pytest.raises(InvalidSetting) as by_train:
        imported_state.start_from_files(SMALL, file)
    message = str(by_command.value)
    assert message == str(by_train.value)
    assert message.startswith("given.pth") and all(word in message for word in words), message
    assert "Weights only load failed" not in message and len(message) < 300
    assert i18n.translate_error("zh", by_train.value) != message


@pytest.mark.parametrize("kind", ["old format", "TorchScript"])
def test_the_line_that_converts_a_file_gives_one_that_is_read(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("given.pth").write_bytes(TOLD[kind][0]())
    with pytest.raises(InvalidSetting) as refused:
        recognise.load(Path("given.pth"))
    exec(str(refused.value.values["line"]), {"torch": torch})
    state = recognise.load(Path("new.pth")).net.state_dict()
    assert all(torch.equal(state[name], value) for name, value in mnist().items())


def header(**entries: object) -> bytes:
    text = json.dumps(entries).encode()
    return struct.pack("<Q", len(text)) + text


@pytest.mark.parametrize(
    "content",
    [
        header(a={"dtype": "F32", "shape": [10**9, 10**9], "data_offsets": [0, 4]}) + bytes(4),
        header(a={"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}) + bytes(4),
        header(a={"dtype": "F99", "shape": [1], "data_offsets": [0, 4]}) + bytes(4),
        header(
            a={"dtype": "F32", "shape": [1], "data_offsets": [0, 4]},
            b={"dtype": "F32", "shape": [1], "data_offsets": [0, 4]},
        )
        + bytes(4),
        struct.pack("<Q", 90_000_000) + b"{",
        header() + b"left over",
        header(a=[[[]]]),
    ],
    ids=["claims 10^18", "claims 2", "no such type", "one place twice", "a long header", "left over", "no entry"],
)
def test_safetensors_that_lie_are_refused(content: bytes) -> None:
    with pytest.raises(InvalidSetting, match=r"a\.safetensors"):
        weights.read(NamedFile("a.safetensors", content))


# --- A network that is not known


def changed(**shapes: tuple[int, ...]) -> bytes:
    return saved({**mnist(), **{name.replace("_", "."): torch.zeros(shape) for name, shape in shapes.items()}})


def renamed(name: str, change: Callable[[str], str]) -> bytes:
    return saved({change(key): value for key, value in registry.build(name, seed=0).state_dict().items()})


PLACE = {"conv1": "0", "conv2": "3", "fc1": "7", "fc2": "9", "fc3": "11"}  # in a Sequential
UNKNOWN: dict[str, tuple[Callable[[], bytes], str]] = {
    "LeNet for 28": (
        lambda: saved({**registry.build("lenet5", seed=0).state_dict(), "fc1.weight": torch.zeros(120, 256)}),
        "LeNet 5×5: fc1.weight has shape (120, 256), not (120, 400)",
    ),
    "a transposed matrix": (
        lambda: changed(fc2_weight=(50, 10)),
        "MNIST network: fc2.weight has shape (50, 10), not (10, 50): it is transposed, save its .T",
    ),
    "three classes": (
        lambda: changed(fc2_weight=(3, 50), fc2_bias=(3,)),
        "MNIST network: fc2.weight has shape (3, 50), not (10, 50)",
    ),
    "other names": (
        lambda: renamed("lenet5", lambda name: name.replace("conv", "convLayer")),
        "LeNet 5×5: only the names differ: conv1.weight is called convLayer1.weight",
    ),
    "Sequential": (
        lambda: renamed("lenet3", lambda name: ".".join((PLACE[name.split(".")[0]], name.split(".")[1]))),
        "LeNet 3×3: only the names differ: conv1.weight is called 0",
    ),
    "a layer more": (
        lambda: saved({**mnist(), "bn1.weight": torch.ones(10)}),
        "MNIST network: missing –; not in this network bn1.weight",
    ),
    "a layer less": (
        lambda: saved({name: value for name, value in mnist().items() if "fc2" not in name}),
        "MNIST network: missing fc2.weight, fc2.bias; not in this network –",
    ),
    "nothing alike": (lambda: saved({"w": torch.zeros(3)}), "none that is known is like it"),
}


@pytest.mark.parametrize("kind", UNKNOWN)
def test_an_unknown_network_is_told_the_nearest_and_the_first_difference(kind: str, tmp_path: Path) -> None:
    make, words = UNKNOWN[kind]
    (tmp_path / "theirs.pth").write_bytes(make())
    with pytest.raises(InvalidSetting) as refused:
        recognise.load(tmp_path / "theirs.pth")
    assert words in str(refused.value), str(refused.value)
    assert "theirs.pth holds the weights of a network that is not known" in str(refused.value)
    chinese = i18n.translate_error("zh", refused.value)
    assert not any(word in chinese for word in ("shape", "missing", "differ", "network"))


def test_train_says_which_network_the_weights_are_of() -> None:
    with pytest.raises(InvalidSetting) as refused:
        imported_state.start_from_files(
            SMALL, NamedFile("lenet.pth", saved(registry.build("lenet5", seed=0).state_dict()))
        )
    assert "lenet.pth is of another network, LeNet 5×5:" in str(refused.value)
