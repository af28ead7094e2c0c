"""core.live.examples: ten test digits are answered as the network answers them, with each of its weights."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from core import datasets
from core.errors import InvalidSetting
from core.live import settings
from core.live.examples.answer import examples, first_filters, message
from core.live.instrument import Answer, Ask, instrument
from core.live.network import source
from core.live.network.source import Source
from core.networks.registry import build
from core.recognise.readers import of_module, shipped


def ask(name: str) -> Ask:
    return Ask(settings.read(instrument("examples").settings, {"network": name}))


def test_each_digit_has_a_test_image_and_the_answer_is_the_networks_own() -> None:
    images, labels = examples("digits")
    assert labels.tolist() == list(range(10))
    net = build("mnist", seed=3)
    answer = message(Source(of_module("mnist", net), "1", 5, 0.25, dataset="digits"))
    with torch.no_grad():
        expected = torch.softmax(net.eval()(datasets.normalise(torch.from_numpy(images))).double(), dim=1)
    answers = answer.header["answers"]
    assert [each["digit"] for each in answers] == expected.argmax(dim=1).tolist()
    assert [each["share"] for each in answers] == pytest.approx(expected.max(dim=1).values.tolist())
    assert np.array_equal(np.rint(answer.arrays[0].numpy() * 255), images)
    assert torch.equal(answer.arrays[1], net.conv1.weight[:, 0])


def test_the_answers_come_with_each_of_the_weights_until_the_run_is_over() -> None:
    reader = of_module("mnist", build("mnist", seed=1))
    at = [(1, False), (1, False), (2, False), (3, True)]
    moments = iter([Source(reader, str(n), n, over=over, dataset="digits") for n, over in at])
    name = source.offer(lambda: next(moments))
    parts = list(instrument("examples").answer(ask(name)))  # type: ignore[arg-type]
    assert [part.header["step"] for part in parts if isinstance(part, Answer)] == [1, 2, 3]


def test_a_network_without_convolutions_has_no_filters_and_one_that_learns_from_nothing_is_refused() -> None:
    assert first_filters(torch.nn.Sequential(torch.nn.Linear(2, 2))).numel() == 0
    with pytest.raises(InvalidSetting, match="no test digits"):
        message(Source(shipped(), "1"))
