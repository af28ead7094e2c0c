"""Experiments on what surprises in a data set, its transforms and its loader."""

from __future__ import annotations

import torch

from core.claims.experiment import Experiment, Variables
from core.errors import N_
from core.sentence import Sentence

PRELUDE = """\
import numpy as np
import torch
from torch.utils.data import DataLoader, TensorDataset

numbers = TensorDataset(torch.arange(10))
"""


def _shuffle(ran: Variables) -> tuple[bool, Sentence]:
    first, second = ran["first"]
    return first != second and ran["first"] == ran["again"] != ran["other"], Sentence(
        N_(
            "Every epoch is shuffled again: {first}, then {second}. The same seed repeats both epochs; another "
            "seed gives another order. Without a generator, torch.manual_seed decides."
        ),
        {"first": first, "second": second},
    )


def _last(ran: Variables) -> tuple[bool, Sentence]:
    return ran["sizes"] == [4, 4, 2] and ran["dropped"] == [4, 4] and ran["of_means"] != ran["mean"], Sentence(
        N_(
            "The batches hold {sizes}; with drop_last=True {dropped}, and two samples are left out of each "
            "epoch. The mean of the batch means is {of_means:.3g}, not {mean:.3g}: the short batch counts too "
            "much. Weight each batch by its size, or sum with reduction='sum' and divide once."
        ),
        {"sizes": ran["sizes"], "dropped": ran["dropped"], "of_means": ran["of_means"], "mean": ran["mean"]},
    )


def _workers(ran: Variables) -> tuple[bool, Sentence]:
    here, there = ran["counts"]
    return ran["orders"][0] == ran["orders"][1] and here == 8 and there == 0, Sentence(
        N_(
            "The order is the same: the loader waits for the batch whose turn it is. But each worker has a copy "
            "of the data set in a process of its own: the counter here is {here} without workers and {there} "
            "with two. Workers pay where reading a sample takes time; starting them takes some, too."
        ),
        {"here": here, "there": there},
    )


def _to_tensor(ran: Variables) -> tuple[bool, Sentence]:
    same = torch.equal(ran["t"][0], torch.from_numpy(ran["image"][..., 0]) / 255)
    return same and ran["t"].shape == (3, 2, 4) and ran["floats"].max() == ran["image"].max(), Sentence(
        N_(
            "(H, W, C) becomes (C, H, W), and 0 to 255 becomes 0 to 1, but only for bytes and PIL images. An "
            "array of floats keeps its range: the largest number is still {largest:g}."
        ),
        {"largest": ran["floats"].max().item()},
    )


def _normal(ran: Variables) -> tuple[bool, Sentence]:
    pixels = ran["pixels"]
    standard = abs(pixels.mean()) < 1e-4 and abs(pixels.std() - 1) < 1e-4
    return bool(standard and ran["order"] and ran["paper"] > 0.3), Sentence(
        N_(
            "The mean is 0 and the std is 1, but the histogram keeps its shape: it is only shifted and stretched. "
            "{paper:.0%} of the pixels are empty paper and have the one value {low:.2f}; a normal distribution "
            "looks different."
        ),
        {"paper": ran["paper"], "low": ran["pixels"].min().item()},
    )


def _batch_of_lists(ran: Variables) -> tuple[bool, Sentence]:
    return ran["images"].shape == (4, 1, 2, 2) and ran["labels"].dtype == torch.int64, Sentence(
        N_(
            "The loader stacks four images (1, 2, 2) into {shape}, and four ints into one int64 tensor: "
            "default_collate makes a batch of whatever a sample holds. Images of different sizes cannot be stacked."
        ),
        {"shape": tuple(ran["images"].shape)},
    )


EXPERIMENTS: dict[str, Experiment] = {
    "data_shuffle": Experiment(
        N_("shuffle=True and the seed"),
        N_("The samples are shuffled once, and with the same seed every epoch has the same order."),
        _shuffle,
        """\
def epochs(seed):
    generator = torch.Generator().manual_seed(seed)
    loader = DataLoader(numbers, batch_size=4, shuffle=True, generator=generator)
    return [[batch.tolist() for (batch,) in loader] for _ in range(2)]

first, again, other = epochs(1), epochs(1), epochs(2)
for name, two in {"seed 1": first, "seed 1 again": again, "seed 2": other}.items():
    print(f"{name:13}", two[0], two[1])
""",
        PRELUDE,
    ),
    "data_last": Experiment(
        N_("10 samples in batches of 4: the last batch"),
        N_("10 is no multiple of 4, so the loader should refuse or fill the last batch up."),
        _last,
        """\
loader = DataLoader(numbers, batch_size=4)
sizes = [len(batch) for (batch,) in loader]
dropped = [len(batch) for (batch,) in DataLoader(numbers, batch_size=4, drop_last=True)]
print(len(loader), "batches of", sizes)
print("drop_last=True:", dropped)
means = [batch.float().mean().item() for (batch,) in loader]
of_means = sum(means) / len(means)
mean = torch.arange(10).float().mean().item()
print("mean of the batch means:", of_means)
print("mean of all samples:    ", mean)
""",
        PRELUDE,
    ),
    "data_workers": Experiment(
        N_("num_workers=2"),
        N_("Two workers might deliver the batches in another order; the data set counts its reads as before."),
        _workers,
        """\
class Counting(Dataset):
    def __init__(self):
        self.reads = 0

    def __len__(self):
        return 8

    def __getitem__(self, index):
        self.reads += 1
        return index

if __name__ == "__main__":  # where workers start afresh, they import this file
    orders, counts = [], []
    for workers in (0, 2):
        dataset = Counting()
        loader = DataLoader(dataset, batch_size=2, num_workers=workers)
        orders.append([batch.tolist() for batch in loader])
        counts.append(dataset.reads)
        print(f"num_workers={workers}: {orders[-1]}, reads counted here: {counts[-1]}")
""",
        "from torch.utils.data import DataLoader, Dataset\n\n\n",
        apart=True,
        keep=("orders", "counts"),
    ),
    "data_to_tensor": Experiment(
        N_("ToTensor: bytes, floats, and the channels"),
        N_("ToTensor turns an array into a tensor and changes nothing else."),
        _to_tensor,
        """\
from torchvision.transforms import ToTensor

image = (np.arange(24, dtype=np.uint8) * 10).reshape(2, 4, 3)  # (H, W, C)
t = ToTensor()(image)
print(image.shape, image.dtype, image.max(), "->", tuple(t.shape), t.dtype, t.max().item())
floats = ToTensor()(image.astype(np.float32))
print("float32, up to", image.max(), "->", tuple(floats.shape), floats.dtype, floats.max().item())
""",
        PRELUDE,
    ),
    "data_normal": Experiment(
        N_("What one tutorial says: after Normalize the data is nearly normally distributed"),
        N_("The histogram would become a bell."),
        _normal,
        """\
from sklearn.datasets import load_digits

images = torch.from_numpy(load_digits().images / 16).float()
pixels = (images - images.mean()) / images.std()
print(f"mean {pixels.mean():.4f}, std {pixels.std():.4f}")
for name, values in {"before": images, "after": pixels}.items():
    counts = torch.histc(values, bins=9)
    print(f"{name:7}", [f"{share:.0%}" for share in (counts / counts.sum()).tolist()])
paper = (images == 0).float().mean().item()
order = torch.equal(torch.histc(images, bins=17), torch.histc(pixels, bins=17))
""",
        PRELUDE,
    ),
    "data_collate": Experiment(
        N_("From samples to a batch"),
        N_("next(iter(loader)) should be a list of four pairs."),
        _batch_of_lists,
        """\
samples = [(torch.full((1, 2, 2), float(i)), i) for i in range(8)]
loader = DataLoader(samples, batch_size=4)
images, labels = next(iter(loader))
print(images.shape, images.dtype)
print(labels, labels.dtype)
""",
        PRELUDE,
    ),
}
