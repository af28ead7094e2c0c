"""A run as one standalone PyTorch script that prints the same losses: no part of this project is imported by it."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Sequence

from torch import nn

from core import datasets, mnist_framing
from core.export.convolution_script import layer_code
from core.networks import registry, stack, tutorials
from core.networks.stack import Stack
from core.training import augmentation, checkpoint, learning_rate, network
from core.training.config import USES_MOMENTUM, TrainConfig
from core.training.events import Changed
from core.training.initialisation import LAYERS


def training_script(config: TrainConfig, changes: Sequence[Changed] = ()) -> str:
    """Return the script of a run under ``config`` in which the learning rate was changed as ``changes`` say.

    On one machine's CPU or card, with one version of PyTorch, its losses are the run's to the last bit.
    """
    return joined(config, parts(config, changes)) + "\n"


def parts(config: TrainConfig, changes: Sequence[Changed] = ()) -> list[str]:
    """Return the parts of the script: what it is and needs, its settings, then data, network and training."""
    return [
        head(config),
        settings(config, changes),
        DIGITS if config.dataset == "digits" else MNIST,
        PREPARE.format(border=(network.spec_of(config.network).input_size - mnist_framing.SIDE) // 2),
        *([augment_code()] if config.augments else []),
        network_code(config),
        optimizer_code(config) + start_code(config) + scheduler_code(config),
        *([CHANGE_ON_CARD if config.device == "cuda" else CHANGE] if changes else []),
        loop_code(config, changes),
    ]


def joined(config: TrainConfig, some: Sequence[str]) -> str:
    """Return ``some`` parts one below the other."""
    code = "\n\n\n".join(part.strip("\n") for part in some)
    return code.replace("# FRAMING", framing_code()) if config.dataset == "digits" else code


def head(config: TrainConfig) -> str:
    """Return what the script is, what it needs, and its imports."""
    title = network.spec_of(config.network).title
    needs = "scikit-learn" if config.dataset == "digits" else "MNIST's four files in data/MNIST/raw"
    imports = ["gzip", "math", "os", "struct"] if config.dataset == "mnist" else ["math"]
    imports += ["os"] if config.device == "cuda" and "os" not in imports else []
    more = ["from pathlib import Path"] if config.dataset == "mnist" else []
    arrays = ["import numpy as np"] if config.dataset == "digits" else []
    lines = [
        f'"""{title}, trained as Stepwise trained it: the same losses. Needs PyTorch and {needs}."""',
        "from __future__ import annotations",
        "",
        *(f"import {name}" for name in imports),
        *more,
        "",
        *arrays,
        "import torch",
        "import torch.nn.functional as F",
        "from torch import nn",
    ]
    return "\n".join(lines)


def settings(config: TrainConfig, changes: Sequence[Changed]) -> str:
    """Return the settings as constants, by the names the tutorial has for them."""
    rates = {change.step: change.learning_rate for change in changes}
    before = config.parent.epochs if config.parent else 0
    lines = [
        f"n_epochs = {config.epochs}",
        f"batch_size_train = {config.batch_size}",
        f"batch_size_test = {config.test_batch_size}",
        f"learning_rate = {config.learning_rate!r}",
        f"learning_rate_after = {rates!r}  # batches: the learning rate from there on" if rates else "",
        f"momentum = {config.momentum!r}" if config.optimizer in USES_MOMENTUM else "",
        f"weight_decay = {config.weight_decay!r}",
        f"clip_norm = {config.clip_norm!r}" if config.clip_norm else "",
        f"shift, rotate = {config.shift}, {config.rotate!r}" if config.augments else "",
        f"patience = {config.patience}  # epochs" if config.patience else "",
        f"log_interval = {config.log_interval}",
        f"random_seed = {config.seed}",
        f"epochs_before = {before}  # of the runs that this one goes on from: their orders are not used again",
        f"device = {config.device!r}",
        f"torch.set_num_threads({config.threads})  # another number adds in another order: the last bits differ",
        *(EQUAL_BITS if config.device == "cuda" else []),
    ]
    return "\n".join(line for line in lines if line)


def augment_code() -> str:
    """Return the function that shifts and rotates, the project's own, word for word."""
    source = inspect.getsource(augmentation.augment).rstrip().replace("Tensor", "torch.Tensor")
    return f"BLACK = (0 - 0.1307) / 0.3081\n\n\n{source}"


EQUAL_BITS = [
    'os.environ["CUBLAS_WORKSPACE_CONFIG"] = ":4096:8"  # kernels that give the same bits each time',
    "torch.use_deterministic_algorithms(True)",
    "torch.backends.cudnn.allow_tf32 = False",
]

MNIST = '''
def read(name):
    """Read one of MNIST's files: the sizes, then the bytes. Compressed or not."""
    path = Path(os.environ.get("STEPWISE_DATA", "data")) / "MNIST" / "raw" / name
    with path.open("rb") if path.exists() else gzip.open(f"{path}.gz") as file:
        sizes = struct.unpack(f">{file.read(4)[3]}I", file.read(4 * (3 if "images" in name else 1)))
        return torch.frombuffer(bytearray(file.read()), dtype=torch.uint8).view(sizes)


train_images, train_labels = read("train-images-idx3-ubyte"), read("train-labels-idx1-ubyte").long()
test_images, test_labels = read("t10k-images-idx3-ubyte"), read("t10k-labels-idx1-ubyte").long()
'''

DIGITS = """
# FRAMING


from sklearn.datasets import load_digits  # 1797 digits of 8x8 pixels

raw = load_digits()
images = torch.from_numpy(np.stack([frame_digit(image) for image in raw.images / 16.0]))
labels = torch.from_numpy(raw.target.astype(np.int64))
train_images, train_labels, test_images, test_labels = images[:-360], labels[:-360], images[-360:], labels[-360:]
"""

PREPARE = """
def normalise(images):
    images = F.pad(images, [{border}] * 4)
    return ((images.unsqueeze(1).float() / 255 - 0.1307) / 0.3081).to(device)  # (N, 1, height, width)


train_images, test_images = normalise(train_images), normalise(test_images)
train_labels, test_labels = train_labels.to(device), test_labels.to(device)
"""

LOOP = """
train_losses, train_counter = [], []
test_losses, test_counter, test_accuracies = [], [], []


def test(seen):
    network.eval()
    test_loss, correct = 0.0, 0
    with torch.inference_mode():
        for start in range(0, len(test_labels), batch_size_test):
            data, target = (part[start : start + batch_size_test] for part in (test_images, test_labels))
            output = network(data)
            test_loss += F.{loss}(output, target, reduction="sum").item()
            correct += int((output.argmax(dim=1) == target).sum())
    test_loss /= len(test_labels)
    if not math.isfinite(test_loss):
        raise SystemExit(f"the test loss is {{test_loss}}: the run has diverged")
    test_losses.append(test_loss)
    test_counter.append(seen)
    test_accuracies.append(correct / len(test_labels))
    print(f"Test set: average loss {{test_losses[-1]}}, accuracy {{correct}}/{{len(test_labels)}}")


def train(epoch):
    torch.manual_seed((random_seed * 100_003 + epochs_before + epoch) % 2**64)  # the order, then the dropout
    order = torch.randperm(len(train_labels)).to(device)
    network.train()
    for batch_idx, indices in enumerate(order.split(batch_size_train)):
        {begin}
        optimizer.zero_grad()
        loss = F.{loss}(network({images}), train_labels[indices])
        if not math.isfinite(loss.item()):
            raise SystemExit(f"the loss is {{loss.item()}}: the run has diverged")
        loss.backward()
        {clip}
        optimizer.step()
        {after}
        seen = batch_idx * batch_size_train + len(indices)
        train_losses.append(loss.item())
        train_counter.append((epoch - 1) * len(train_labels) + seen)
        if batch_idx % log_interval == 0:
            print(f"Train Epoch: {{epoch}} [{{seen}}/{{len(train_labels)}}] Loss: {{loss.item()}}")


test(0)
for epoch in range(1, n_epochs + 1):
    train(epoch)
    test(epoch * len(train_labels))
    {stop}
"""
STOP = """since_best = len(test_losses) - 1 - test_losses.index(min(test_losses))
    if since_best >= patience:
        break  # the test loss has not improved for so many epochs"""


def loop_code(config: TrainConfig, changes: Sequence[Changed]) -> str:
    """Return the training and the tests, with what the settings put between the lines of the plain loop."""
    images = "train_images[indices]"
    lines = LOOP.format(
        loss=network.loss_of(config).__name__,
        images=f"augment({images}, shift, rotate)" if config.augments else images,
        begin="change_learning_rate(len(train_losses))" if changes else NOTHING,
        clip="nn.utils.clip_grad_norm_(network.parameters(), clip_norm)" if config.clip_norm else NOTHING,
        after=_after(config, changes),
        stop=STOP if config.patience else NOTHING,
    ).splitlines()
    return "\n".join(line for line in lines if line.strip() != NOTHING)


NOTHING = "#"  # a line that the settings leave empty


def _after(config: TrainConfig, changes: Sequence[Changed]) -> str:
    """Return the step of the scheduler; a rate that was changed by hand ends it."""
    if config.schedule == "constant":
        return NOTHING
    step = "step_scheduler()" if config.device == "cuda" else "scheduler.step()"
    return f"if len(train_losses) + 1 < min(learning_rate_after): {step}" if changes else step


CHANGE = """
def change_learning_rate(batches):
    for group in optimizer.param_groups:
        group["lr"] = learning_rate_after.get(batches, group["lr"])
"""

CHANGE_ON_CARD = """
def change_learning_rate(batches):
    if batches in learning_rate_after:
        for group in optimizer.param_groups:
            group["lr"].fill_(learning_rate_after[batches])
"""


def framing_code() -> str:
    """Return how the built-in digits are framed like MNIST's: the project's own functions, word for word."""
    mine = vars(mnist_framing).items()
    constants = [f"{name} = {value!r}" for name, value in mine if name.isupper() and isinstance(value, int)]
    functions = [
        inspect.getsource(value).rstrip()
        for _name, value in mine
        if inspect.isfunction(value)
        and value.__module__ == mnist_framing.__name__
        and value is not mnist_framing.squeeze
    ]
    framing = inspect.getsource(datasets.frame_digit).replace("mnist_framing.", "")
    return "\n\n\n".join(["\n".join(constants), *functions, framing.rstrip()])


def network_code(config: TrainConfig) -> str:
    """Return the network's class, or its layers one by one, and its first weights."""
    net = network.make(config)
    if isinstance(net, network.MnistNet):
        code = class_code(tutorials.MnistNet, network.MnistNet) + f"\n\nnetwork = Net(dropout={net.dropout})"
    elif isinstance(net, network.LeNet):
        code = class_code(tutorials.LeNet, network.LeNet) + f"\n\nnetwork = Net(kernel_size={config.network[-1]})"
    else:
        code = "\nnetwork = " + sequential_code(stack.parse(config.network.removeprefix(registry.STACK)))
    code += initialise_code(config)
    first, *rest = code.split("\nnetwork = ", 1)
    first += "\n"
    if config.device == "cuda":
        placed = "network = network.to(device)"
    else:
        placed = (
            "network = network.to(device, memory_format=torch.channels_last)  # the same numbers, faster on a CPU"
        )
    return (
        f"{first}torch.manual_seed(random_seed)  # the first weights\nnetwork = {rest[0]}\n{placed}\nprint(network)"
    )


def initialise_code(config: TrainConfig) -> str:
    """Return how the weights are drawn where it is not PyTorch's own way."""
    if config.initialisation == "default":
        return ""
    kinds = ", ".join(f"nn.{kind.__name__}" for kind in LAYERS)
    way = {
        "kaiming": 'nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")',
        "xavier": "nn.init.xavier_uniform_(layer.weight)",
        "normal": "nn.init.normal_(layer.weight, std=0.01)",
        "zeros": "nn.init.zeros_(layer.weight)",
    }[config.initialisation]
    return f"""
for layer in network.modules():
    if isinstance(layer, ({kinds})):
        {way}
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)"""


def scheduler_code(config: TrainConfig) -> str:
    """Return the lines that make the scheduler; on CUDA it steps beside the optimizer."""
    if config.schedule == "constant":
        return ""
    rising = f"max(1, round({config.warm_up!r} * n_steps))"
    constructor = {
        "step": f"StepLR({{}}, step_size={config.step_size} * n_batches, gamma={config.gamma!r})",
        "cosine": "CosineAnnealingLR({}, T_max=n_steps)",
        "warm_up": f"LinearLR({{}}, start_factor=1 / ({rising} + 1), total_iters={rising})",
        "one_cycle": "OneCycleLR(\n    {}, max_lr=learning_rate, total_steps=n_steps,"
        f" pct_start=max({config.warm_up!r}, 2 / n_steps), cycle_momentum=False\n)",
    }[config.schedule]
    on_card = config.device == "cuda"
    lines = [
        "",
        "n_batches = math.ceil(len(train_labels) / batch_size_train)  # of an epoch",
        f"n_steps = max({learning_rate.shortest(config)}, n_epochs * n_batches)",
        "rates = torch.optim.SGD([torch.zeros(1)], lr=learning_rate)" if on_card else "",
        f"scheduler = torch.optim.lr_scheduler.{constructor.format('rates' if on_card else 'optimizer')}",
        SCHEDULER_ON_CARD if on_card else "",
    ]
    return "\n".join(line for line in lines if line or line == lines[0])


SCHEDULER_ON_CARD = """

def step_scheduler():
    rates.step()
    scheduler.step()
    set_rate()


def set_rate():
    for group in optimizer.param_groups:
        group["lr"].fill_(rates.param_groups[0]["lr"])


set_rate()
"""


def class_code(plain: type[nn.Module], fast: type[nn.Module]) -> str:
    """Return class ``Net`` with the layers of ``plain`` and the ``forward`` of ``fast``."""
    layers = textwrap.dedent(inspect.getsource(plain.__init__))
    forward = textwrap.dedent(inspect.getsource(fast.forward)).replace("  # type: ignore[no-any-return]", "")
    body = textwrap.indent(f"{layers}\n{forward}", "    ").replace("Tensor", "torch.Tensor")
    return f"class Net(nn.Module):\n{body}"


def sequential_code(layers: Stack) -> str:
    """Return the layers of a network built from rows, one a line."""
    lines = [f"    ({name!r}, nn.{constructor})," for name, constructor in layer_code(layers)]
    return "\n".join(
        ["nn.Sequential()", "for name, layer in [", *lines, "]:", "    network.add_module(name, layer)"]
    )


def optimizer_code(config: TrainConfig) -> str:
    """Return the line that makes the optimizer; on CUDA its rate is a float32 on the card, as in the app."""
    rate = "torch.tensor(learning_rate, device=device)" if config.device == "cuda" else "learning_rate"
    common = f"network.parameters(), lr={rate}"
    on_card = ", capturable=True" if config.device == "cuda" else ""
    by_kind = {
        "sgd": f"optim.SGD({common}, momentum=momentum, weight_decay=weight_decay, fused=True)",
        "nesterov": f"optim.SGD({common}, momentum=momentum, weight_decay=weight_decay, nesterov=True, fused=True)",
        "adam": f"optim.Adam({common}, weight_decay=weight_decay, fused=True{on_card})",
        "rmsprop": f"optim.RMSprop({common}, momentum=momentum, weight_decay=weight_decay, foreach=True{on_card})",
    }
    return f"optimizer = torch.{by_kind[config.optimizer]}\n"


def start_code(config: TrainConfig) -> str:
    """Return how a run that continues from a checkpoint loads its weights and its optimizer's state."""
    if config.parent is None:
        return ""
    keys = sorted(checkpoint.state_keys(config))
    where = f"checkpoint {config.parent.checkpoint} of run {config.parent.run}"
    return f"""
# {where}, downloaded beside this script
network.load_state_dict(torch.load("model.pth", weights_only=True))
state = torch.load("optimizer.pth", weights_only=True)["state"]
parameters = optimizer.param_groups[0]["params"]
if all(set(entry) == set({keys}) for entry in state.values()):
    for parameter, entry in zip(parameters, state.values()):
        for key, value in entry.items():
            lying_alike = torch.empty_like(parameter) if key != "step" else torch.empty_like(value, device=device)
            optimizer.state[parameter][key] = lying_alike.copy_(value)
"""
