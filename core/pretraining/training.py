"""The training of the network that ships: originals and digits written again, then batch norm folded away."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from core.datasets import MEAN, STD, Dataset, normalise
from core.networks.tutorials import ReaderNet
from core.pretraining import images
from core.pretraining.recipe import Recipe

CONVOLUTIONS = ("conv1", "conv2", "conv3", "conv4", "conv5")


class InTraining(nn.Module):
    """``ReaderNet`` with a batch normalisation after each convolution, as it is while it learns."""

    def __init__(self) -> None:
        super().__init__()
        self.reader = ReaderNet()
        sizes = [getattr(self.reader, name).out_channels for name in CONVOLUTIONS]
        self.norms = nn.ModuleList(nn.BatchNorm2d(size) for size in sizes)

    def folds(self) -> Iterator[tuple[str, nn.BatchNorm2d]]:
        """Yield each convolution's name with its batch normalisation."""
        for name, norm in zip(CONVOLUTIONS, self.norms, strict=True):
            assert isinstance(norm, nn.BatchNorm2d)
            yield name, norm

    def forward(self, x: Tensor) -> Tensor:
        r, (n1, n2, n3, n4, n5) = self.reader, self.norms
        x = F.max_pool2d(F.relu(n1(r.conv1(x))), 2)
        x = F.relu(n2(r.conv2(x)))
        x = F.max_pool2d(F.relu(n3(r.conv3(x))), 2)
        x = F.relu(n4(r.conv4(x)))
        x = F.max_pool2d(F.relu(n5(r.conv5(x))), 2)
        x = F.dropout(x.flatten(1), 0.2, self.training)
        return r.fc(x)  # type: ignore[no-any-return]


def fold(learned: InTraining) -> ReaderNet:
    r"""Return the plain network that computes the same in eval mode.

    Batch norm after a convolution is :math:`\gamma (Wx + b - \mu)/\sqrt{\sigma^2 + \epsilon} + \beta`: with
    :math:`s = \gamma/\sqrt{\sigma^2 + \epsilon}` a convolution with weight :math:`sW` and bias
    :math:`s(b - \mu) + \beta`.
    """
    plain = ReaderNet()
    plain.load_state_dict(learned.reader.state_dict())
    with torch.no_grad():
        for name, norm in learned.folds():
            conv = getattr(plain, name)
            assert norm.running_mean is not None and norm.running_var is not None
            scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            conv.weight.mul_(scale[:, None, None, None])
            conv.bias.copy_((conv.bias - norm.running_mean) * scale + norm.bias)
    return plain.eval()


Variants = Callable[[int], Tensor]  # number -> the training digits written again, uint8 (N, 28, 28)


def batches(
    data: Dataset, variants: Variants, recipe: Recipe, random: torch.Generator
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield every batch of the run: images float (N, 1, 28, 28) normalised, labels (N,)."""
    half, count = recipe.batch_size // 2, len(data.train_images)
    for epoch in range(recipe.epochs):
        again = variants(epoch % recipe.renditions)
        one, two = torch.randperm(count, generator=random), torch.randperm(count, generator=random)
        for a, b in zip(_full(one, half), _full(two, half), strict=True):
            original = images.distort(data.train_images[a, None].float() / 255, 1.0, random)
            original = images.thicken_or_thin(original, random)
            pen = images.distort(again[b, None].float() / 255, 0.5, random)
            x = (torch.cat([original, pen]) - MEAN) / STD
            yield (
                x.contiguous(memory_format=torch.channels_last),
                torch.cat([data.train_labels[a], data.train_labels[b]]),
            )


def _full(order: Tensor, size: int) -> Tensor:
    """Cut ``order`` into full batches, (batches, size); what is left over waits for the next epoch's order."""
    return order[: len(order) // size * size].view(-1, size)


def train(
    data: Dataset,
    variants: Variants,
    recipe: Recipe,
    report: Callable[[int, int, float], None] = lambda *_: None,
) -> ReaderNet:
    """Train and return the network, folded; a pure function of data, renditions and recipe on one kind of CPU."""
    torch.set_num_threads(recipe.threads)
    torch.manual_seed(recipe.seed)
    random = torch.Generator().manual_seed(recipe.seed)
    net = InTraining().to(memory_format=torch.channels_last)
    average = copy.deepcopy(net)
    optimizer = torch.optim.AdamW(net.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
    steps = recipe.epochs * (len(data.train_images) // (recipe.batch_size // 2))
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, recipe.learning_rate, total_steps=steps, pct_start=0.2
    )
    net.train()
    for step, (x, labels) in enumerate(batches(data, variants, recipe, random)):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x), labels, label_smoothing=recipe.label_smoothing)
        loss.backward()
        optimizer.step()
        schedule.step()
        follow(average, net, min(recipe.average, (step + 1) / (step + 10)))  # the first steps are soon forgotten
        report(step + 1, steps, loss.item())
    return fold(average)


def follow(average: nn.Module, net: nn.Module, decay: float) -> None:
    """Move every number of ``average``, buffers included, to decay·average + (1 − decay)·net."""
    with torch.no_grad():
        for old, new in zip(average.state_dict().values(), net.state_dict().values(), strict=True):
            if old.is_floating_point():
                old.lerp_(new, 1 - decay)


def scores(net: nn.Module, images: Tensor, batch_size: int = 1000) -> Tensor:
    """Return the network's scores (N, 10) for uint8 images (N, 28, 28)."""
    with torch.no_grad():
        return torch.cat([net(normalise(part)) for part in images.chunk(-(-len(images) // batch_size))])
