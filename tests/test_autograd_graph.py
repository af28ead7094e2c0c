"""The drawn graph is the one that torch keeps: nodes, edges, leaves and what each node saved."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from core.networks import registry
from core.trace import autograd_graph


def lenet_loss() -> tuple[nn.Module, torch.Tensor]:
    network = registry.build("lenet5", seed=1)
    torch.manual_seed(0)
    return network, F.mse_loss(network(torch.randn(1, 1, 32, 32)), torch.randn(1, 10))


def test_the_chain_reads_as_the_tutorial_prints_it() -> None:
    network, loss = lenet_loss()
    names = {id(parameter): name for name, parameter in network.named_parameters()}
    graph = autograd_graph.build(loss, names)
    first_of = {edge.source: edge.target for edge in reversed(graph.edges)}
    assert graph.nodes[0].name == loss.grad_fn.name() == "MseLossBackward0"
    assert graph.nodes[first_of[0]].name == loss.grad_fn.next_functions[0][0].name() == "AddmmBackward0"
    third = graph.nodes[first_of[first_of[0]]]
    assert third.name == "AccumulateGrad" and third.leaf == "fc3.bias" and third.shape == (10,)


def test_every_parameter_is_a_leaf_of_the_graph_and_every_edge_points_down() -> None:
    network, loss = lenet_loss()
    names = {id(parameter): name for name, parameter in network.named_parameters()}
    graph = autograd_graph.build(loss, names)
    assert {node.leaf for node in graph.nodes if node.leaf} == set(names.values())
    assert all(graph.nodes[edge.source].row < graph.nodes[edge.target].row for edge in graph.edges)


def test_saved_tensors_are_shown_and_gone_after_a_backward() -> None:
    _, loss = lenet_loss()
    before = autograd_graph.build(loss)
    convolution = next(node for node in before.nodes if node.name == "ConvolutionBackward0")
    assert {(saved.name, saved.shape) for saved in convolution.saved} >= {
        ("input", (1, 6, 14, 14)),
        ("weight", (16, 6, 5, 5)),
    }
    loss.backward()
    after = autograd_graph.build(loss)
    freed = next(node for node in after.nodes if node.name == "ConvolutionBackward0")
    assert not any(saved.shape for saved in freed.saved)


def test_a_reused_tensor_is_one_node_with_two_arrivals() -> None:
    x = torch.ones(3, requires_grad=True)
    graph = autograd_graph.build((x * x).sum(), {id(x): "x"})
    (leaf,) = (node for node in graph.nodes if node.leaf)
    assert leaf.leaf == "x" and sum(edge.target == leaf.id for edge in graph.edges) == 2


def test_each_node_of_the_lessons_networks_has_words_of_its_own() -> None:
    network = registry.build("mnist", seed=1)
    torch.manual_seed(0)
    loss = F.nll_loss(network(torch.randn(1, 1, 28, 28)), torch.tensor([3]))
    for result in (loss, lenet_loss()[1]):
        assert all(node.meaning != autograd_graph.OTHER for node in autograd_graph.build(result).nodes)
    assert autograd_graph.meaning_of("SomeNewBackward7") == autograd_graph.OTHER
