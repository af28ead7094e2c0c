"""The walk on the screen as a standalone PyTorch script that prints every intermediate value and gradient."""

from __future__ import annotations

import inspect
from collections.abc import Sequence

import torch
from torch import Tensor

from core.export import own_code
from core.export.convolution_script import layer_code
from core.networks import registry, stack
from core.walk import inputs, optimizer
from core.walk.setup import Setup, reads_digits
from core.walk.source_code import step_listing

SHOW = '''\
def show(name, tensor):
    """Print a tensor's shape and its first numbers, exactly."""
    if tensor is None:
        print(f"{name:32} None")
        return
    try:
        numbers = tensor.detach() if tensor.layout == torch.strided else tensor.detach().to_dense()
        print(f"{name:32} {str(tuple(tensor.shape)):18} {numbers.flatten()[:4].tolist()}")
    except RuntimeError:
        print(f"{name:32} has no numbers of its own yet: inside vmap or grad")


class Show(TorchFunctionMode):
    """Prints what every torch operation returns, and later, in the backward pass, the gradient of it."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def __torch_function__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        for each in result if isinstance(result, (tuple, list)) else [result]:
            self.show_once(func.__name__, each)
        return result

    def show_once(self, name, result):
        if isinstance(result, torch.Tensor) and not any(result is other for other in self.seen):
            self.seen.append(result)
            show(name, result)
            if result.requires_grad:
                result.register_hook(lambda grad: show(f"gradient of {name}", grad))
'''


SEEN = "isinstance(result, torch.Tensor)"  # what the lines of ``Show`` ask first


def script(setup: Setup, copying: Sequence[str] = ()) -> str:
    """Return the program of a walk that was taken with ``setup``; ``copying`` are lines before its forward pass."""
    choice = setup.choice
    parts = [
        '"""One training step, every intermediate printed: forward, loss, backward, update, the new loss."""\n',
        own_code.future(setup.own) + "\n" if setup.own is not None and own_code.future(setup.own) else "",
        "from collections import OrderedDict\n" if choice.network.startswith(registry.STACK) else "",
        "import sys\n" if setup.own is not None and not _pastes(setup) else "",
        own_code.generator_imports(setup.own),
        "import torch\nimport torch.nn.functional as F\nfrom torch import Tensor, nn",
        "from torch.overrides import TorchFunctionMode\n\n",
        _network(setup) + "\n\n",
        _show(setup) + "\n",
        _build(setup),
        _tensors(setup),
        _steps_before(setup),
        _step(setup, copying),
    ]
    return "\n".join(part for part in parts if part)


def _show(setup: Setup) -> str:
    """Return what prints; where the reader's file has something compiled, that prints nothing inside of it."""
    if setup.own is None or not own_code.compiles(setup.own):
        return SHOW
    return SHOW.replace(SEEN, SEEN + " and not torch.compiler.is_compiling()")


def _pastes(setup: Setup) -> bool:
    return setup.own is not None and own_code.can_be_pasted(setup.own)


def _network(setup: Setup) -> str:
    choice = setup.choice
    if setup.own is not None:
        return (
            own_code.pasted(setup.own, choice.seed) if _pastes(setup) else own_code.imported(setup.own, choice.seed)
        )
    if choice.network.startswith(registry.STACK):
        layers = layer_code(stack.parse(choice.network.removeprefix(registry.STACK)))
        rows = ",\n".join(f'    ("{name}", nn.{constructor})' for name, constructor in layers)
        return f"def build():\n    return nn.Sequential(OrderedDict([\n{rows},\n    ]))"
    return inspect.getsource(type(setup.network)).rstrip()


def _build(setup: Setup) -> str:
    choice, own = setup.choice, setup.own
    code = "build()" if choice.network.startswith(registry.STACK) else f"{type(setup.network).__name__}()"
    if choice.network == "lenet3":
        code = "LeNet(kernel_size=3)"
    if own is not None:
        code = f"{own.own.name}({own.own.arguments})" if own.called else own.own.name
    lines = [*own_code.seeding(own, str(choice.seed)), f"net = {code}"]
    if own is not None and own.compiled:
        lines.append("net = net._orig_mod  # without torch.compile's wrapper")
    if choice.weights != "seed":
        lines.append(f'net.load_state_dict(torch.load("model.pth", weights_only=True))  # {choice.weights}')
    if own is not None and own.lazy:
        names = [f"input{i}" if len(own.inputs) > 1 else "input" for i in range(len(own.inputs))]
        lines += [
            *(f"{name} = {code}" for name, code in zip(names, _own_inputs(setup), strict=True)),
            "with torch.no_grad():",
            f"    net.eval()({', '.join(names)})  # lazy layers get their sizes",
        ]
    return "\n".join([*lines, f"net.train({choice.training})"])


def _own_inputs(setup: Setup) -> list[str]:
    assert setup.own is not None
    below = inputs.whole_numbers_below(setup.network)
    seed, default = setup.choice.seed, setup.own.switches.dtype
    return [inputs.code(spec, i, seed, below, default) for i, spec in enumerate(setup.own.own.inputs)]


def _tensors(setup: Setup) -> str:
    choice, shape = setup.choice, tuple(setup.input.shape)
    if choice.input != "randn" and reads_digits(shape) and setup.input.dtype == torch.float32:
        lines = [_picture(setup.input, shape[-1])]
    elif setup.own is not None:
        names = ["input"] if len(setup.inputs) == 1 else [f"input{i}" for i in range(len(setup.inputs))]
        lines = [f"{name} = {code}" for name, code in zip(names, _own_inputs(setup), strict=True)]
    else:
        lines = [f"input = torch.randn({shape}, generator=torch.Generator().manual_seed({choice.seed}))"]
    if choice.input_grad:
        lines += [f"{name}.requires_grad_()" for name in _floating(setup)]
    return "\n".join([*lines, _target(setup)])


def _floating(setup: Setup) -> list[str]:
    names = ["input"] if len(setup.inputs) == 1 else [f"input{i}" for i in range(len(setup.inputs))]
    pairs = zip(names, setup.inputs, strict=True)
    return [name for name, tensor in pairs if tensor.is_floating_point() or tensor.is_complex()]


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
    assert target is not None, "the walk shows the output's shape"
    if choice.loss in ("mse_random", "backward"):
        name = "grad_output" if choice.loss == "backward" else "target"
        generator = f"torch.Generator().manual_seed({choice.seed + 1})"
        dtype = "" if target.dtype == _default_dtype(setup) else f", dtype={target.dtype}"
        return f"{name} = torch.randn({tuple(target.shape)}, generator={generator}{dtype})"
    if choice.loss == "mse_onehot":
        kind = ".float()" if target.dtype == torch.float32 else f".to({target.dtype})"
        return f"target = F.one_hot(torch.full(({target.shape[0]},), {choice.target}), {target.shape[1]}){kind}"
    return f"target = torch.full(({target.shape[0]},), {choice.target})"


def _default_dtype(setup: Setup) -> torch.dtype:
    """Return what the script's default dtype is where it makes its tensors: a file may have set another."""
    return torch.float32 if setup.own is None else setup.own.switches.dtype


def _steps_before(setup: Setup) -> str:
    choice = setup.choice
    code = optimizer.CODE.get(choice.optimizer, "").format(lr=repr(choice.lr))
    if not choice.steps_before:
        return code
    lines = list(step_listing(choice, setup.call).lines[:-1])
    body = [*own_code.seeding(setup.own, f"{choice.seed + 1000} + k"), *lines]
    loop = "\n".join([f"for k in range({choice.steps_before}):", *("    " + line for line in body)])
    emptied = [f"{name}.grad = None" for name in _floating(setup)] if choice.input_grad else []
    return "\n".join(filter(None, [code, loop, *emptied]))


def _step(setup: Setup, copying: Sequence[str]) -> str:
    choice = setup.choice
    lines = list(step_listing(choice, setup.call).lines)
    zero, forward, update, again = lines[0], lines[1:3], lines[3:-1], lines[-1]
    if choice.loss != "backward":
        update = lines[4:-1]
    watched = forward if choice.loss != "backward" else forward[:1]
    backward = "loss.backward()" if choice.loss != "backward" else forward[1]
    gradient = ['    show(f"{name}.grad", p.grad)']
    if choice.network == "own":
        gradient = ["    if p.grad is not None:", *("    " + line for line in gradient)]
    return "\n".join(
        [
            "",
            zero,
            *copying,
            *own_code.seeding(setup.own, str(choice.seed), "  # dropout draws from here"),
            "with Show():",
            *("    " + line for line in watched),
            backward,
            "",
            "before = {name: p.detach().clone() for name, p in net.named_parameters()}",
            *update,
            "for name, p in net.named_parameters():",
            '    show(f"{name}", before[name])',
            *gradient,
            '    show(f"{name} afterwards", p)',
            "",
            *own_code.seeding(setup.own, str(choice.seed)),
            again,
            f'show("{again.split(" = ")[0]}", {again.split(" = ")[0]})',
            "",
        ]
    )
