"""Uploaded weights: the usual variants load, everything else is refused in words, and no code ever runs."""

from __future__ import annotations

import io
import os
import pickle
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from core.errors import InvalidSetting
from core.file_kind import NamedFile
from core.networks import registry
from core.training import imported_state
from core.training.config import TrainConfig
from tests.training.data import SMALL


def saved(value: object, **options: Any) -> bytes:
    buffer = io.BytesIO()
    torch.save(value, buffer, **options)
    return buffer.getvalue()


def weights() -> dict[str, torch.Tensor]:
    return dict(registry.build("mnist", seed=3).state_dict())


def named_file(content: bytes, name: str = "model.pth") -> NamedFile:
    return NamedFile(name, content)


def start(model: bytes, optimizer: bytes | None = None, config: TrainConfig = SMALL) -> dict[str, torch.Tensor]:
    snapshot = imported_state.start_from_files(
        config, named_file(model), named_file(optimizer, "optimizer.pth") if optimizer else None
    )
    return torch.load(io.BytesIO(snapshot.files["model.pth"]), weights_only=True)  # type: ignore[no-any-return]


VARIANTS: dict[str, Callable[[], object]] = {
    "as the tutorial saves it": weights,
    "module. before every name": lambda: {f"module.{name}": value for name, value in weights().items()},
    "nested as state_dict": lambda: {"epoch": 3, "state_dict": weights()},
    "nested as model_state_dict": lambda: {"model_state_dict": weights(), "loss": 0.1},
    "nested and module.": lambda: {"state_dict": {f"module.{n}": v for n, v in weights().items()}},
    "channels last": lambda: {
        n: v.contiguous(memory_format=torch.channels_last) if v.dim() == 4 else v for n, v in weights().items()
    },
    "transposed views": lambda: {n: v.mT.contiguous().mT if v.dim() > 1 else v for n, v in weights().items()},
    "parameters": lambda: {n: torch.nn.Parameter(v) for n, v in weights().items()},
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_usual_variants_of_model_pth_load(variant: str) -> None:
    loaded = start(saved(VARIANTS[variant]()))
    assert {name: value.tolist() for name, value in loaded.items()} == {n: v.tolist() for n, v in weights().items()}


def test_the_way_out_is_named_where_the_numbers_lie_in_gaps_or_the_matrix_is_transposed() -> None:
    gaps = saved({**weights(), "fc2.bias": torch.zeros(20)[::2]})
    with pytest.raises(InvalidSetting, match=r"fc2\.bias do not lie side by side: save its \.contiguous\(\)"):
        start(gaps)
    with pytest.raises(InvalidSetting, match=r"fc2\.weight has shape \(50, 10\).* it is transposed, save its \.T"):
        start(saved({**weights(), "fc2.weight": torch.zeros(50, 10)}))


@pytest.mark.parametrize("kind", ["sgd", "adam"])
def test_an_optimizers_memory_loads_with_its_weights(kind: str) -> None:
    network = registry.build("mnist", seed=3)
    optimizer: torch.optim.Optimizer = (
        torch.optim.SGD(network.parameters(), lr=0.3, momentum=0.5)
        if kind == "sgd"
        else torch.optim.Adam(network.parameters(), lr=0.3)
    )
    network(torch.ones(2, 1, 28, 28)).sum().backward()
    optimizer.step()
    config = SMALL.with_(optimizer=kind)
    snapshot = imported_state.start_from_files(
        config, named_file(saved(network.state_dict())), named_file(saved(optimizer.state_dict()))
    )
    state = torch.load(io.BytesIO(snapshot.files["optimizer.pth"]), weights_only=True)
    assert state["param_groups"][0]["lr"] == SMALL.learning_rate  # settings are the configuration's
    for index, parameter in enumerate(network.parameters()):
        for key, value in optimizer.state[parameter].items():
            assert torch.equal(state["state"][index][key], value)
    wrong = config.with_(optimizer="rmsprop")
    with pytest.raises(InvalidSetting, match="choose the same optimizer"):
        imported_state.start_from_files(
            wrong, named_file(saved(network.state_dict())), named_file(saved(optimizer.state_dict()))
        )


class Evil:
    """Unpickling it would make a file."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (self.path,)


def changed(name: str, value: object) -> bytes:
    return saved({**weights(), name: value})


def deflated() -> bytes:
    """A megabyte that would unpack to a gigabyte: the members compressed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({}))
        archive.writestr("archive/data/0", bytes(50_000_000))
    return buffer.getvalue()


def flipped(places: int) -> bytes:
    content = bytearray(saved(weights()))
    content[len(content) // 2] ^= places
    return bytes(content)


HOSTILE: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "text": lambda: b"hello" * 1000,
    "half of a file": lambda: saved(weights())[:40_000],
    "a flipped bit": lambda: flipped(1),
    "a plain pickle": lambda: pickle.dumps({"a": 1}),
    "the old format": lambda: saved(weights(), _use_new_zipfile_serialization=False),
    "a whole network": lambda: saved(registry.build("mnist")),
    "deflated": deflated,
    "a list": lambda: saved([1, 2, 3]),
    "a number": lambda: saved(3),
    "an empty dictionary": lambda: saved({}),
    "numbers as keys": lambda: saved({1: torch.zeros(1)}),
    "another network": lambda: saved(registry.build("lenet5").state_dict()),
    "one too many": lambda: changed("fc3.weight", torch.zeros(3)),
    "one missing": lambda: saved({n: v for n, v in weights().items() if n != "fc2.bias"}),
    "another shape": lambda: changed("fc2.bias", torch.zeros(11)),
    "a scalar": lambda: changed("fc2.bias", torch.zeros(())),
    "float64": lambda: changed("fc2.bias", torch.zeros(10, dtype=torch.float64)),
    "int64": lambda: changed("fc2.bias", torch.zeros(10, dtype=torch.int64)),
    "NaN": lambda: changed("fc2.bias", torch.full((10,), float("nan"))),
    "infinite": lambda: changed("fc2.bias", torch.full((10,), float("inf"))),
    "stride 0": lambda: changed("fc2.bias", torch.zeros(1).expand(10)),
    "stride 0 of a million million": lambda: changed("fc2.bias", torch.zeros(1).expand(10**12)),
    "sparse": lambda: changed("fc2.bias", torch.zeros(10).to_sparse()),
    "meta": lambda: changed("fc2.bias", torch.zeros(10, device="meta")),
    "a view with gaps": lambda: changed("fc2.bias", torch.zeros(20)[::2]),
    "a string": lambda: changed("fc2.bias", "0.1"),
    "nested lists": lambda: saved({"state_dict": [[[[]]] * 1000] * 1000}),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_state_dict_of_this_network_is_refused_in_words(kind: str) -> None:
    with pytest.raises(InvalidSetting) as refused:
        start(HOSTILE[kind]())
    assert "model.pth" in str(refused.value)
    assert len(str(refused.value)) < 400


def test_code_in_a_file_never_runs(tmp_path: Path) -> None:
    target = tmp_path / "executed"
    for content in (
        saved({"state_dict": Evil(str(target))}),
        saved(Evil(str(target))),
        pickle.dumps(Evil(str(target))),
        saved({**weights(), "fc2.bias": Evil(str(target))}),
    ):
        with pytest.raises(InvalidSetting):
            start(content)
        with pytest.raises(InvalidSetting):
            start(saved(weights()), content)
    assert not target.exists()


def test_no_flipped_bit_changes_a_number_silently() -> None:
    content, picker = saved(weights()), random.Random(5)
    expected = {n: v.tolist() for n, v in weights().items()}
    for _ in range(150):
        damaged = bytearray(content)
        damaged[picker.randrange(len(damaged))] ^= 1 << picker.randrange(8)
        try:
            loaded = start(bytes(damaged))
        except InvalidSetting:
            continue
        assert {name: value.tolist() for name, value in loaded.items()} == expected


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"state": {}, "param_groups": []},
        {"state": [], "param_groups": [{"params": list(range(8))}]},
        {"state": {}, "param_groups": [{"params": [0]}]},
        {"state": {99: {}}, "param_groups": [{"params": list(range(8))}]},
        {"state": {0: {"momentum_buffer": torch.zeros(3)}}, "param_groups": [{"params": list(range(8))}]},
        {"state": {0: {"momentum_buffer": "x"}}, "param_groups": [{"params": list(range(8))}]},
        {"state": {0: 5}, "param_groups": [{"params": list(range(8))}]},
        {"state": {0: {"exp_avg": torch.zeros(10, 1, 5, 5)}}, "param_groups": [{"params": list(range(8))}]},
        {"state": {0.0: {}}, "param_groups": [{"params": list(range(8))}]},
        {"state": {0j: {}}, "param_groups": [{"params": list(range(8))}]},
        {"state": {}, "param_groups": [{"params": [0] * 8}]},
        {"state": {}, "param_groups": [{"params": [[]] * 8}]},
    ],
    ids=range(13),
)
def test_what_is_no_state_of_this_optimizer_is_refused_in_words(state: object) -> None:
    with pytest.raises(InvalidSetting, match=r"optimizer\.pth"):
        start(saved(weights()), saved(state))


def adam(change: Callable[[dict[str, Any]], object]) -> tuple[bytes, dict[str, Any]]:
    """Return the file of Adam's state after one step as ``change`` leaves it, and the state."""
    network = registry.build("mnist", seed=3)
    optimizer = torch.optim.Adam(network.parameters())
    for parameter in network.parameters():
        parameter.grad = torch.ones_like(parameter)
    optimizer.step()
    state = optimizer.state_dict()
    change(state)
    return saved(state), state


@pytest.mark.parametrize("name", ["step", "exp_avg_sq"])
def test_numbers_that_an_optimizer_cannot_go_on_with_are_refused(name: str) -> None:
    file, _state = adam(lambda state: state["state"][3][name].neg_())
    with pytest.raises(InvalidSetting, match=rf"optimizer\.pth: {name} 3 holds numbers below zero"):
        start(saved(weights()), file, SMALL.with_(optimizer="adam"))


def test_a_state_is_of_the_parameter_in_whose_place_its_number_stands() -> None:
    def renumber(state: dict[str, Any]) -> None:
        state["state"] = {number + 100: entry for number, entry in state["state"].items()}
        state["param_groups"][0]["params"] = [number + 100 for number in range(8)]

    file, state = adam(renumber)
    config = SMALL.with_(optimizer="adam")
    snapshot = imported_state.start_from_files(
        config, named_file(saved(weights())), named_file(file, "optimizer.pth")
    )
    loaded = torch.load(io.BytesIO(snapshot.files["optimizer.pth"]), weights_only=True)["state"]
    assert list(loaded) == list(range(8))
    assert all(loaded[place]["exp_avg"].equal(state["state"][place + 100]["exp_avg"]) for place in loaded)
