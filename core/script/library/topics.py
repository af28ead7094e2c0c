"""What learners of PyTorch ask again and again: the topics of the library, in the order of their numbers."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import N_


@dataclass(frozen=True)
class Topic:
    """A confusion: its title, and the lessons that have experiments or figures of it."""

    title: str
    lessons: tuple[str, ...] = ()


TOPICS: dict[int, Topic] = {
    1: Topic(N_("From pictures to Linear: flatten and in_features"), ("lenet", "convolution")),
    2: Topic(N_("The shapes of a matrix product; Linear holds (out, in)"), ("operators", "two_layers")),
    3: Topic(N_("model.eval() is not torch.no_grad()"), ("lenet",)),
    4: Topic(N_("What train() and eval() switch"), ("operators",)),
    5: Topic(N_("Much worse in eval mode: running statistics"), ("operators",)),
    6: Topic(N_("Batch norm: a batch of one, dimensions, features"), ("operators",)),
    7: Topic(N_("Softmax, cross-entropy and NLL loss"), ("lenet", "operators")),
    8: Topic(N_("Softmax over the wrong dimension"), ("operators",)),
    9: Topic(N_("BCELoss and BCEWithLogitsLoss")),
    10: Topic(N_("backward() twice, and states that keep their graph"), ("linear_fit", "lenet")),
    11: Topic(N_("Changed in place, and needed for the backward pass"), ("lenet",)),
    12: Topic(N_("A leaf that is changed in place"), ("lenet",)),
    13: Topic(N_("The .grad of a result is None"), ("lenet",)),
    14: Topic(N_("Why zero_grad()"), ("linear_fit", "two_layers")),
    15: Topic(N_("What backward() and step() do"), ("lenet", "linear_fit")),
    16: Topic(N_("detach, clone and NumPy"), ("two_layers",)),
    17: Topic(N_("“does not require grad”: the graph is cut"), ("two_layers",)),
    18: Topic(N_("Long, Float, Double: types that do not fit"), ("lenet",)),
    19: Topic(N_("Tensors on two devices")),
    20: Topic(N_("view, reshape, permute, transpose, cat, broadcasting"), ("operators",)),
    21: Topic(N_("(N, 1) against (N,): a silent broadcast"), ("operators",)),
    22: Topic(N_("Memory grows: total += loss"), ("train",)),
    23: Topic(N_("Seeds: the same code, other results"), ("linear_fit", "train")),
    24: Topic(N_("Random numbers in the workers of a DataLoader"), ("digits",)),
    25: Topic(N_("DataLoader: batches, workers, iterators"), ("digits",)),
    26: Topic(N_("state_dict or model: saving and loading"), ("train",)),
    27: Topic(N_("How weights begin"), ("two_layers",)),
    28: Topic(N_("Where gradients are clipped"), ("train",)),
    29: Topic(N_("Do gradients reach all layers?"), ("lenet",)),
    30: Topic(N_("The network does not learn; the loss and its arguments"), ("train", "runs")),
    31: Topic(N_("What the optimizer holds"), ("lenet",)),
    32: Topic(N_("Accuracy that is wrong, or stays at chance"), ("train",)),
    33: Topic(N_("Normalize: which numbers go in"), ("digits", "draw")),
    34: Topic(N_("Freezing layers, and their batch norm"), ("operators",)),
    35: Topic(N_("How a module is put together: __init__, forward, ModuleList"), ("two_layers",)),
    36: Topic(N_("Parameters, buffers and embeddings")),
    37: Topic(N_("L2 and weight_decay"), ("train",)),
    38: Topic(N_("Schedules of the learning rate"), ("train",)),
    39: Topic(N_("Hooks, and names that are misspelt"), ("lenet",)),
    40: Topic(N_("ReLU and Dropout with inplace=True")),
    41: Topic(N_("nan, and a loss that explodes"), ("linear_fit", "train")),
    42: Topic(N_("A missing batch or channel dimension, HWC and CHW"), ("convolution", "operators")),
}
