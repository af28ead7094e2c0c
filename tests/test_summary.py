"""The card of a network says what PyTorch says."""

from __future__ import annotations

import pytest

from core.networks import registry
from core.networks.summary import net_card, parameter_count


def test_the_mnist_network_has_the_parameters_counted_by_hand() -> None:
    card = net_card("mnist")
    by_hand = {
        "conv1": 10 * 1 * 5 * 5 + 10,  # 260
        "conv2": 20 * 10 * 5 * 5 + 20,  # 5 020
        "conv2_drop": 0,
        "fc1": 50 * 320 + 50,  # 16 050
        "fc2": 10 * 50 + 10,  # 510
    }
    assert {layer.name: layer.count for layer in card.layers} == by_hand
    assert card.count == sum(by_hand.values()) == 21840


def test_the_shapes_are_those_that_ran() -> None:
    shapes = {layer.name: (layer.input_shape, layer.output_shape) for layer in net_card("mnist").layers}
    assert shapes["conv1"] == ((1, 1, 28, 28), (1, 10, 24, 24))
    assert shapes["conv2"] == ((1, 10, 12, 12), (1, 20, 8, 8))
    assert shapes["fc1"] == ((1, 320), (1, 50))


@pytest.mark.parametrize("name", registry.DIGIT_NETS)
def test_the_layers_together_hold_every_parameter_and_print_is_print(name: str) -> None:
    card = net_card(name)
    net = registry.build(name, seed=1)
    assert sum(layer.count for layer in card.layers) == card.count == parameter_count(net)
    assert card.printed == str(net)
    assert [layer.name for layer in card.layers][-1].startswith("fc")


def test_a_network_built_on_the_convolution_page_has_a_card_too() -> None:
    card = net_card("stack:1x28x28~conv-o4-k5~max-k4~relu~flatten~linear-i144-o10")
    assert [layer.output_shape for layer in card.layers][-1] == (1, 10)
    assert card.count == 4 * 25 + 4 + 1440 + 10
