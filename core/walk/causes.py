"""What is behind an error of torch or Python, where it is known, and what to do about it: a table."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.errors import N_, InvalidSetting, text_of


@dataclass(frozen=True)
class Cause:
    """A message that ``pattern`` finds, and its cause and repair; the pattern's named groups are the values."""

    pattern: str
    sentence: str


# The first that matches is meant, so the special stands before the general.
CAUSES = (
    Cause(
        r"mat1 and mat2 shapes cannot be multiplied \(\d+x(?P<given>\d+) and (?P<wanted>\d+)x\d+\)",
        N_(
            "The Linear layer takes rows of {wanted} {wanted:number|numbers} and gets rows of {given}: set "
            "in_features={given}."
        ),
    ),
    Cause(
        r"to have (?P<wanted>\d+) channels, but got (?P<given>\d+) channels",
        N_(
            "The layer was made for {wanted} {wanted:channel|channels} and gets {given}: set "
            "in_channels={given}, or change --input."
        ),
    ),
    Cause(
        r"running_mean should contain (?P<given>\d+) elements not (?P<wanted>\d+)",
        N_(
            "The batch norm was made for {wanted} {wanted:channel|channels} and gets {given}: set "
            "num_features={given}."
        ),
    ),
    Cause(
        r"Expected more than 1 value per channel when training",
        N_(
            "A norm needs the variance of several values and gets one. Batch norm: give a batch of two or more, or"
            " switch train mode off. Group norm: fewer groups."
        ),
    ),
    Cause(
        r"input\.size\(-1\) must be equal to input_size\. Expected (?P<wanted>\d+), got (?P<given>\d+)",
        N_(
            "The layer was made for {wanted} {wanted:feature|features} and gets {given}: set "
            "input_size={given}, or change --input."
        ),
    ),
    Cause(
        r"Given normalized_shape=\[(?P<wanted>[\d, ]+)\], expected input",
        N_("The layer norm was made for the sizes {wanted}: set normalized_shape to the last sizes of its input."),
    ),
    Cause(
        r"[Kk]ernel size can't be greater than actual input size",
        N_("The window is larger than what is left of the picture: give a larger --input, or a padding."),
    ),
    Cause(
        r"expected (?P<wanted>\d)D.* \(?got (?P<given>\d)D input",
        N_(
            "The layer takes tensors of {wanted} {wanted:dimension|dimensions} and gets one of {given}: change "
            "--input or reshape."
        ),
    ),
    Cause(
        r"modified by an inplace operation",
        N_(
            "A result that the backward pass needs was changed in place (h += …, x[…] = …, relu_, inplace=True):"
            " write h = h + … instead, which makes a new tensor."
        ),
    ),
    Cause(
        r"leaf Variable that requires grad is being used in an in-place operation",
        N_(
            "A parameter (or an input that asks for a gradient) cannot be changed in place while the graph is"
            " built: make a new tensor (w = self.w + 1), or change it under torch.no_grad()."
        ),
    ),
    Cause(
        r"backward through the graph a second time",
        N_(
            "A tensor of an earlier step is still in the graph, such as a hidden state kept in self: detach it"
            " between the steps (self.state = h.detach())."
        ),
    ),
    Cause(
        r"Can't call numpy\(\) on Tensor that requires grad",
        N_("NumPy knows no gradients: what is computed there cannot be trained. Compute it with torch."),
    ),
    Cause(
        r"argument #1 'indices'",
        N_("An embedding looks up whole numbers: give the input a type of whole numbers, as in --input 1,7:int64."),
    ),
    Cause(
        r"index out of range in self",
        N_("An index is not in the table: make num_embeddings larger than the largest index that goes in."),
    ),
    Cause(
        r"(?:same dtype, but got (?P<given>\w+) and (?P<wanted>\w+)"
        r"|Input type \((?P<given2>\w+)\) and \w+ type \((?P<wanted2>\w+)\)"
        r"|expected scalar type (?P<wanted3>\w+) but found (?P<given3>\w+))",
        N_(
            "What goes in is {given}, the weights are {wanted}: give the input the weights' type, as in"
            " --input 1,4:float64, or convert one of them (x.float(), net.float())."
        ),
    ),
    Cause(
        r"device meta|meta tensor|Meta tensor",
        N_(
            "The network was made on the device meta, where tensors have shapes and no numbers: make it on the CPU."
        ),
    ),
    Cause(
        r"not compiled with CUDA|No CUDA GPUs|NVIDIA driver|CUDA driver|no NVIDIA",
        N_("The file asks for a GPU, and there is none here: leave out .cuda() and .to('cuda')."),
    ),
    Cause(
        r"not implemented for 'Complex|Complex(?:Float|Double)|complex",
        N_("A loss is a real number: return a real tensor, such as output.abs() or torch.view_as_real(output)."),
    ),
    Cause(
        r"does not support sparse gradients",
        N_("The embedding has sparse=True, so its gradient is sparse: choose SGD, or leave out sparse=True."),
    ),
    Cause(
        r"does not require grad and does not have a grad_fn|Nothing requires grad",
        N_(
            "No parameter is behind this result: .detach(), .data, .item(), argmax, comparisons and no_grad cut"
            " the graph."
        ),
    ),
    Cause(
        r"forward\(\) missing \d+ required positional arguments?: (?P<names>.+)",
        N_("forward takes more inputs ({names}): give one --input for each, in their order."),
    ),
    Cause(
        r"forward\(\) takes \d+ positional arguments? but \d+ were given",
        N_("forward takes fewer inputs: give one --input for each argument of forward."),
    ),
    Cause(
        r"(?P<name>\w+)(?:\.__init__)?\(\) missing \d+ required positional arguments?: (?P<names>.+)",
        N_("{name} needs arguments ({names}): name them, as in --module 'file.py:{name}(10)'."),
    ),
    Cause(
        r"missing \d+ required keyword-only arguments?: (?P<names>.+)",
        N_("Inputs are given by their place: write {names} before the * in forward, or give a default."),
    ),
    Cause(
        r"unhashable type: '(?!(?:list|dict|set|slice|bytearray)')(?P<name>\w+)'",
        N_("A module has to be hashable, and @dataclass takes that away: write @dataclass(eq=False) above {name}."),
    ),
    Cause(
        r"uninitialized parameter",
        N_("A lazy parameter got no shape: forward has to reach the layer that it belongs to."),
    ),
    Cause(
        r"missing the required \"forward\" function|forward_unimplemented",
        N_("The class has no method named forward, or it is not indented as a method of the class."),
    ),
    Cause(
        r"before Module\.__init__\(\) call|has no attribute '_(?:backward_hooks|forward_hooks|parameters|modules)'",
        N_("__init__ has to begin with super().__init__()."),
    ),
    Cause(
        r"maximum recursion depth exceeded",
        N_(
            "A function calls itself without an end, such as self.forward or self(x) inside forward, or a module"
            " contains itself."
        ),
    ),
    Cause(
        r"^SystemExit",
        N_(
            "The file ends the program (sys.exit) or reads the command line (parse_args): put that under"
            ' if __name__ == "__main__":'
        ),
    ),
    Cause(
        r"No module named '(?P<name>[\w.]+)'",
        N_("{name} is neither installed here nor beside the file: install it, or put it into the file's folder."),
    ),
    Cause(
        r"attempted relative import",
        N_("A relative import (from . import …) needs a package: put an __init__.py beside the file."),
    ),
    Cause(
        r"(?:hook|forward_pre_hook).* not supported on ScriptModules|ScriptModule",
        N_("TorchScript runs outside of Python and cannot be watched: give the module before torch.jit.script."),
    ),
    Cause(
        r"invalid for input of size (?P<size>\d+)",
        N_("A view keeps the count of numbers, here {size}: the sizes of the new shape must multiply to it."),
    ),
    Cause(
        r"must match the size of tensor|Sizes of tensors must match|must match except in dimension",
        N_("Two tensors do not fit together: print their shapes in the line before."),
    ),
)


def cause_of(error: BaseException) -> InvalidSetting | None:
    """Return the cause and the repair that belong to ``error``; None where they are not known."""
    text = f"{type(error).__name__}: {text_of(error)}"
    for cause in CAUSES:
        match = re.search(cause.pattern, text)
        if match:
            values = {name.rstrip("23"): value for name, value in match.groupdict().items() if value is not None}
            return InvalidSetting(cause.sentence, **values)
    return None
