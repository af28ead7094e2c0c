"""The walk on the screen as a standalone PyTorch script that prints every intermediate value and gradient."""

from __future__ import annotations

import inspect

from torch import Tensor, nn

from core.steps import optimizer
from core.steps.listing import step_listing
from core.steps.setup import Choice, Setup, reads_digits

SHOW = '''\
def show(name, tensor):
    """Print a tensor's shape and its first numbers, exactly."""
    print(f"{name:32} {str(tuple(tensor.shape)):18} {tensor.detach().flatten()[:4].tolist()}")


class Show(TorchFunctionMode):
    """Prints what every torch operation returns, and later, in the backward pass, the gradient of it."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def __torch_function__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        if isinstance(result, torch.Tensor) and not any(result is other for other in self.seen):
            self.seen.append(result)
            name = func.__name__
            show(name, result)
            if result.requires_grad:
                result.register_hook(lambda grad: show(f"gradient of {name}", grad))
        return result
'''


def script(setup: Setup, own_file: str = "") -> str:
    """Return the program; ``own_file`` is the file that an own module came from."""
    choice = setup.choice
    parts = [
        '"""One training step, every intermediate printed: forward, loss, backward, update, the new loss."""\n',
        "from collections import OrderedDict\n" if type(setup.network) is nn.Sequential else "",
        "import torch\nimport torch.nn.functional as F\nfrom torch import Tensor, nn",
        "from torch.overrides import TorchFunctionMode\n\n",
        _network(setup, own_file) + "\n\n",
        SHOW + "\n",
        _build(setup),
        _tensors(setup),
        _steps_before(choice),
        _step(choice),
    ]
    return "\n".join(part for part in parts if part)


def _network(setup: Setup, own_file: str) -> str:
    kind = type(setup.network)
    if setup.choice.network == "own":
        return f"# your own module, from {own_file}: put its source here, or import it\n{inspect.getsource(kind)}"
    if kind is nn.Sequential:
        rows = ",\n".join(f'    ("{name}", nn.{child!r})' for name, child in setup.network.named_children())
        return f"def build():\n    return nn.Sequential(OrderedDict([\n{rows},\n    ]))"
    return inspect.getsource(kind).rstrip()


def _build(setup: Setup) -> str:
    choice, kind = setup.choice, type(setup.network)
    made = "build()" if kind is nn.Sequential else f"{kind.__name__}()"
    if choice.network == "lenet3":
        made = "LeNet(kernel_size=3)"
    lines = [f"torch.manual_seed({choice.seed})", f"net = {made}"]
    if choice.weights != "seed":
        lines.append(f'net.load_state_dict(torch.load("model.pth", weights_only=True))  # {choice.weights}')
    return "\n".join([*lines, f"net.train({choice.training})"])


def _tensors(setup: Setup) -> str:
    choice, shape = setup.choice, tuple(setup.input.shape)
    if choice.input == "randn" or not reads_digits(shape):
        made = f"input = torch.randn({shape}, generator=torch.Generator().manual_seed({choice.seed}))"
    else:
        made = _picture(setup.input, shape[-1])
    lines = [made]
    if choice.input_grad:
        lines.append("input.requires_grad_()")
    return "\n".join([*lines, _target(setup)])


def _picture(x: Tensor, side: int) -> str:
    pixels = ((x[0, 0] * 0.3081 + 0.1307) * 255).round().int().tolist()
    rows = "\n".join("    " + "".join(f"{pixel:02x}" for pixel in row) for row in pixels)
    return (
        f'pixels = bytes.fromhex("""\n{rows}\n""")  # {side} x {side}, 00 is paper, ff is ink\n'
        f"image = torch.tensor(list(pixels), dtype=torch.uint8).view(1, 1, {side}, {side})\n"
        "input = (image.float() / 255 - 0.1307) / 0.3081"
    )


def _target(setup: Setup) -> str:
    choice, target = setup.choice, setup.target
    if choice.loss in ("mse_random", "backward"):
        name = "grad_output" if choice.loss == "backward" else "target"
        generator = f"torch.Generator().manual_seed({choice.seed + 1})"
        return f"{name} = torch.randn({tuple(target.shape)}, generator={generator})"
    if choice.loss == "mse_onehot":
        return f"target = F.one_hot(torch.full(({target.shape[0]},), {choice.target}), {target.shape[1]}).float()"
    return f"target = torch.full(({target.shape[0]},), {choice.target})"


def _steps_before(choice: Choice) -> str:
    made = optimizer.CODE.get(choice.optimizer, "").format(lr=repr(choice.lr))
    if not choice.steps_before:
        return made
    lines = list(step_listing(choice).lines[:-1])
    body = [f"torch.manual_seed({choice.seed + 1000} + k)", *lines]
    loop = "\n".join([f"for k in range({choice.steps_before}):", *("    " + line for line in body)])
    return "\n".join(filter(None, [made, loop])) + ("\ninput.grad = None" if choice.input_grad else "")


def _step(choice: Choice) -> str:
    lines = list(step_listing(choice).lines)
    zero, forward, update, again = lines[0], lines[1:3], lines[3:-1], lines[-1]
    if choice.loss != "backward":
        update = lines[4:-1]
    watched = forward if choice.loss != "backward" else forward[:1]
    backward = "loss.backward()" if choice.loss != "backward" else forward[1]
    return "\n".join(
        [
            "",
            zero,
            f"torch.manual_seed({choice.seed})  # dropout draws from here",
            "with Show():",
            *("    " + line for line in watched),
            backward,
            "",
            "before = {name: p.detach().clone() for name, p in net.named_parameters()}",
            *update,
            "for name, p in net.named_parameters():",
            '    show(f"{name}", before[name])',
            '    show(f"{name}.grad", p.grad)',
            '    show(f"{name} afterwards", p)',
            "",
            f"torch.manual_seed({choice.seed})",
            again,
            f'show("{again.split(" = ")[0]}", {again.split(" = ")[0]})',
            "",
        ]
    )
