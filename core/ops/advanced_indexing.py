"""Indexing with tensors, lists and masks; ``index_select``, ``masked_select`` and ``take``.

Torch follows NumPy here, so NumPy says which cell each one of the output copies.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from core.errors import N_
from core.ops.explanation import Call, Slot
from core.ops.index_rule import Cells, IndexRule, Product, each, lookup


def copied(call: Call, index: Any) -> IndexRule | None:
    """y_k = x_{p_k}, k and p_k being places in row-major order; p is what ``index`` makes of the places of x"""
    x = call.tensors["input"]
    places = np.arange(x.numel()).reshape(tuple(x.shape))[index]
    if places.shape != tuple(call.output.shape):
        return None
    k = each("k", places.size)
    p = lookup(("k",), places.reshape(-1), "p_k")
    return IndexRule((Product((k,), (Cells("input", "x", (p,)),)),), flat=True)


def indexed(call: Call) -> IndexRule | None:
    """y = x[index], where the index holds tensors or lists"""
    index = call.options.get("idx", Slot("idx"))
    if isinstance(index, tuple):
        return copied(call, tuple(_item(call, item) for item in index))
    return copied(call, _item(call, index))


def _item(call: Call, item: Any) -> Any:
    if isinstance(item, Slot):
        return _numbers(call.tensors[item.tensor])
    return np.asarray(item) if isinstance(item, list) and item else item


def _numbers(tensor: Tensor) -> Any:
    mask = tensor.dtype in (torch.bool, torch.uint8)  # numbers of 8 bits are a mask too
    return (tensor.bool() if mask else tensor).detach().cpu().numpy()


def selected(call: Call) -> IndexRule | None:
    """y[..., i, ...] = x[..., index[i], ...]"""
    x = call.tensors["input"]
    if not x.dim():
        return None
    dim = int(call.options["dim"]) % x.dim()
    return copied(call, (*[slice(None)] * dim, _numbers(call.tensors["index"]).reshape(-1)))


def gather_rule(call: Call) -> IndexRule | None:
    """y[i] = the number of x at the row-major place index[i]"""
    places = _numbers(call.tensors["index"])
    return copied(
        call, np.unravel_index(places % max(call.tensors["input"].numel(), 1), call.tensors["input"].shape)
    )


def masked(call: Call) -> IndexRule | None:
    """y_k = the k-th number of x where the mask is True, row by row"""
    x, mask = call.tensors["input"], call.tensors["mask"]
    if x.shape != torch.broadcast_shapes(x.shape, mask.shape):
        return None  # x itself is repeated
    return copied(call, mask.broadcast_to(x.shape).cpu().numpy())


COPIES = N_("Each cell gets the sum of g wherever it was taken; the others get 0.")
