"""The picture of each module of a program: the values and the gradients of its first call are torch's."""

from __future__ import annotations

import textwrap
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import nn

from core.script.module_picture import Picture
from core.script.program_record import Record
from core.script.run import Runner
from core.sentence import Sentence

SEED = """
import torch
from torch import nn

torch.manual_seed(0)
"""
NET = """
net = nn.Sequential(nn.Conv2d(2, 3, 3), nn.ReLU(inplace=True), nn.Flatten(), nn.Linear(27, 4))
generator = nn.LSTM(5, 6)
x, target = torch.randn(4, 2, 5, 5), torch.tensor([0, 1, 2, 3])
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for step in range(3):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(net(x), target)
    loss.backward()
    optimizer.step()
sequence, _ = generator(torch.randn(7, 2, 5))
tokens = nn.Embedding(3, 2)
tokens(torch.tensor([[1, 2]]))
class Pair(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 2)

    def forward(self, pair):
        return self.fc(pair["a"])
Pair()({"a": torch.ones(1, 2)})
nn.Conv2d(3, 3, 1)(torch.ones(1, 3, 200, 200))
nn.ReLU()(x)
"""


@pytest.fixture(scope="module")
def record(runner: Runner, tmp_path_factory: pytest.TempPathFactory) -> Record:
    path = tmp_path_factory.mktemp("pictures") / "program.py"
    path.write_text(SEED + textwrap.dedent(NET), encoding="utf-8")
    recording = runner.run(path)
    assert recording.error is None and not recording.troubles
    return recording


def values_of(picture: Picture) -> list[NDArray[np.float32]]:
    numbers, sums_there, at = np.frombuffer(picture.numbers, "<f4"), [], 0
    for shape in (picture.image, *(layer["shape"] for layer in picture.layers)):
        size = int(np.prod(shape))
        sums_there.append(numbers[at : at + size].reshape(shape))
        at += size
    return sums_there


def test_values_and_gradients_of_the_first_call_are_those_of_torch(record: Record) -> None:
    picture = record.pictures[0]
    assert picture.module == "net: Sequential" and [layer["operations"] for layer in picture.layers] == [
        ["conv2d"],
        ["relu"],
        ["linear"],
    ]
    torch.manual_seed(0)
    first, linear = nn.Conv2d(2, 3, 3), nn.Linear(27, 4)
    nn.LSTM(5, 6)
    x = torch.randn(4, 2, 5, 5)
    conv = first(x)
    hidden = torch.relu(conv)
    out = linear(hidden.flatten(1))
    for one in (conv, hidden, out):
        one.retain_grad()
    nn.functional.cross_entropy(out, torch.tensor([0, 1, 2, 3])).backward()
    image, *values = values_of(picture)
    np.testing.assert_array_equal(image, x[0].numpy())
    for mine, theirs in zip(values, (conv, hidden, out), strict=True):
        np.testing.assert_allclose(mine, theirs[0].detach().numpy(), rtol=1e-6)
    gradients, at = np.frombuffer(picture.gradients, "<f4"), 0
    for one in (conv, hidden, out):
        assert one.grad is not None
        size = one[0].numel()
        np.testing.assert_allclose(gradients[at : at + size], one.grad[0].flatten().numpy(), rtol=1e-5, atol=1e-8)
        at += size
    assert at == len(gradients)
    assert picture.layers[0]["weight"] == [3, 2, 3, 3]
    weights = np.frombuffer(picture.numbers, "<f4")[50 + 27 + 27 + 4 :]
    np.testing.assert_array_equal(weights[:54], first.weight.detach().numpy().ravel())
    assert len(weights) == 54 + 3 + 108 + 4


def test_every_module_that_the_program_calls_has_a_picture_or_a_sentence(record: Record) -> None:
    _net, lstm, embedding, pair, large = record.pictures
    assert (lstm.module, lstm.image, lstm.gradients) == ("generator: LSTM", (1, 2, 5), b"")
    assert [layer["shape"] for layer in lstm.layers] == [[1, 2, 6]]
    assert (embedding.module, embedding.image) == ("tokens: Embedding", (2,))
    assert [layer["shape"] for layer in embedding.layers] == [[1, 2, 2]]
    assert (pair.module, pair.layers) == ("Pair", ()) and pair.note.startswith("No tensor went into")
    assert [layer["shape"] for layer in large.layers] == [[3, 25, 25]] and large.image == (3, 25, 25)
    assert "at most 32 maps" in Sentence(large.note, large.values).text("en")
    assert all(record.steps[0].index <= one.step <= record.total_steps and one.line for one in record.pictures)


ENCODER = """
class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(9, 8)
        layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 6, enable_nested_tensor=False)
        self.head = nn.Linear(8, 3)

    def forward(self, tokens):
        return self.head(self.encoder(self.embedding(tokens)).mean(1))


reader = Reader()
tokens = torch.randint(0, 9, (4, 5))
nn.functional.cross_entropy(reader(tokens), torch.tensor([0, 1, 2, 0])).backward()
after = {}
for number, layer in enumerate(reader.encoder.layers):
    layer.register_forward_hook(lambda _module, _given, out, number=number: after.setdefault(number, out))
reader(tokens)
for number in after:
    print(number, float(after[number][0].double().sum()))
"""


def test_a_network_of_many_layers_is_folded_by_block_and_a_row_has_the_values_of_its_module(
    runner: Runner, tmp_path: Path
) -> None:
    path = tmp_path / "program.py"
    path.write_text(SEED + ENCODER, encoding="utf-8")
    recording = runner.run(path)
    assert recording.error is None and not recording.troubles
    picture = recording.pictures[0]
    assert not picture.note
    names = [layer["name"] for layer in picture.layers]
    assert names == ["embedding", *(f"encoder.layers.{n}" for n in range(6)), "", "head"]
    assert [layer["inputs"] for layer in picture.layers] == [[n - 1] for n in range(9)]
    sums = [float(line.text.split()[1]) for line in recording.prints]
    for values, expected in zip(values_of(picture)[2:8], sums, strict=True):
        assert values.astype(float).sum() == pytest.approx(expected, abs=1e-5)
    assert np.frombuffer(picture.gradients, "<f4").any()


LARGE = """
net = nn.Sequential(nn.Conv2d(3, 40, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(40, 40, 3, padding=1))
x = torch.rand(2, 3, 120, 120)
net(x).square().sum().backward()
"""


def test_of_large_maps_a_part_is_drawn_and_it_is_said(runner: Runner, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(SEED + LARGE, encoding="utf-8")
    recording = runner.run(path)
    assert recording.error is None and not recording.troubles
    (picture,) = recording.pictures
    torch.manual_seed(0)
    first, last = nn.Conv2d(3, 40, 3, padding=1), nn.Conv2d(40, 40, 3, padding=1)
    x = torch.rand(2, 3, 120, 120)
    middle = nn.functional.max_pool2d(first(x).relu(), 2)
    out = last(middle)
    out.retain_grad()
    out.square().sum().backward()
    image, *values = values_of(picture)
    np.testing.assert_array_equal(image, x[0, :, ::5, ::5].numpy())
    assert [one.shape for one in values] == [(32, 20, 20), (32, 20, 20)]
    np.testing.assert_allclose(values[0], middle[0, :32, ::3, ::3].detach().numpy(), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(values[1], out[0, :32, ::3, ::3].detach().numpy(), rtol=1e-5, atol=1e-6)
    gradients = np.frombuffer(picture.gradients, "<f4").reshape(2, 32, 20, 20)
    assert out.grad is not None
    np.testing.assert_allclose(gradients[1], out.grad[0, :32, ::3, ::3].numpy(), rtol=1e-5, atol=1e-6)
    assert picture.values == {"maps": 32, "side": 28}
    assert not any(layer["weight"] or layer["window"] for layer in picture.layers)
