"""Mistakes as students write them: the cause, the line, and the repaired line where there is one."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import torch
from torch.utils.data import TensorDataset

from core.script.causes.silent_values import DatasetLengths
from core.script.events import Progress
from core.script.program_record import Record
from core.script.run import Runner
from core.script.source import Source, in_place

BEGIN = """import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
"""
BLOCKS = """class Block(nn.Module):
    def __init__(self, cin, cout, **_):
        super().__init__()
        self.conv1 = nn.Conv2d(cin, cout, 3, padding=1)
        self.conv2 = nn.Conv2d(cout, cout, 3, padding=1)
        self.bn = nn.BatchNorm2d(cout)
    def forward(self, x):
        return F.relu(self.bn(self.conv2(self.conv1(x))))  # here
"""
MANY = """class {name}(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = {layers}
    def forward(self, x):
        return self.layers(x){mark}
"""
# What the program does -> its text with the failing line marked, the cause, what the repair says.
RAISES = {
    "numbers of a product that has gradients": (
        "w = torch.ones(2, requires_grad=True)\nprint((w * 2).numpy())  # here",
        "numpy_grad",
        "print(((w * 2).detach()).numpy())",
    ),
    "a sum of two batches that is flattened with its batch": (
        "fc = nn.Linear(12, 2)\na, b = torch.rand(5, 3, 4), torch.rand(5, 3, 4)\n"
        "out = fc((a + b).flatten())  # here",
        "flatten",
        "fc((a + b).flatten(1))",
    ),
    "one picture, seen at a batch norm": (
        "net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8)).eval()\nimg = torch.rand(3, 9, 9)\n"
        "net(img)  # here",
        "missing_batch",
        "net(img.unsqueeze(0))",
    ),
    "one picture, seen at a linear layer": (
        "net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Flatten(), nn.Linear(196, 2))\nimg = torch.rand(3, 9, 9)\n"
        "net(img)  # here",
        "missing_batch",
        "net(img.unsqueeze(0))",
    ),
    "one picture that is taken from a batch, in forward": (
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.conv, self.fc = nn.Conv2d(1, 6, 5), nn.Linear(216, 3)\n    def forward(self, x):\n"
        "        x = F.max_pool2d(self.conv(x), 2)\n        return self.fc(x.flatten(1))  # here\n"
        "net, batch = Net(), torch.rand(4, 1, 16, 16)\nprint(net(batch[0]))",
        "missing_batch",
        "net(batch[0].unsqueeze(0))",
    ),
    "one series, taken for a batch": (
        "net = nn.Sequential(nn.Conv1d(2, 4, 3), nn.BatchNorm1d(4))\nnet(torch.rand(2, 20) * 2)  # here",
        "missing_batch",
        "net((torch.rand(2, 20) * 2).unsqueeze(0))",
    ),
    "parameters that were counted": (
        "net = nn.Linear(2, 1)\nparams = net.parameters()\nprint(sum(p.numel() for p in params))\n"
        "torch.optim.SGD(params, lr=0.1)  # here",
        "no_parameters",
        "params = list(net.parameters())",
    ),
    "values and indices that are compared": (
        "labels = torch.arange(6) % 3\npreds = torch.max(nn.Linear(4, 3)(torch.randn(6, 4)), 1)\n"
        "print((preds == labels).sum().item())  # here",
        "layer_returns_tuple",
        "x.max(dim=1)",
    ),
    "two heads, one optimizer": (
        "body, a, b = nn.Linear(4, 4), nn.Linear(4, 1), nn.Linear(4, 1)\n"
        "optimizer = torch.optim.SGD([*body.parameters(), *a.parameters(), *b.parameters()], lr=0.1)\n"
        "h = torch.sigmoid(body(torch.randn(8, 4)))\none, two = a(h).mean(), b(h).pow(2).mean()\n"
        "one.backward()\ntwo.backward()  # here",
        "backward_twice",
        "one.backward(retain_graph=True)",
    ),
    "a loss of slopes that have no graph": (
        "net, t = nn.Sequential(nn.Linear(1, 8), nn.Tanh(), nn.Linear(8, 1)), torch.rand(9, 1).requires_grad_()\n"
        "(slope,) = torch.autograd.grad(net(t).sum(), t)\nloss = (slope - 2).pow(2).mean()\n"
        "loss.backward()  # here",
        "create_graph",
        "torch.autograd.grad(net(t).sum(), t, create_graph=True)",
    ),
    "maps that are as wide as they should be deep": (
        "first, second = nn.Conv2d(3, 16, 1), nn.Conv2d(8, 4, 1)\nsecond(first(torch.randn(2, 3, 8, 8)))  # here",
        "in_channels",
        "nn.Conv2d(16, 4, 1)",
    ),
    "labels that the accuracy takes too": (
        "x = torch.randn(6, 2)\ny = torch.ones(6)\nout = nn.Linear(2, 1)(x)\n"
        "loss = F.binary_cross_entropy_with_logits(out, y)  # here\n"
        "print((out.squeeze(1) > 0).float().eq(y).sum())",
        "target_shape",
        "y.unsqueeze(1))",
    ),
    "labels of two losses alike": (
        "x = torch.randn(6, 2)\ny = torch.ones(6)\nnet, bce = nn.Linear(2, 1), nn.BCEWithLogitsLoss()\n"
        "loss = bce(net(x), y)  # here\nlater = bce(net(-x), y)",
        "target_shape",
        "y = torch.ones(6).unsqueeze(1)",
    ),
    "a series whose channels come last": (
        "conv = nn.Conv1d(1, 4, 3)\nconv(torch.randn(5, 9, 1))  # here",
        "channels_last",
        "permute(0, 2, 1)",
    ),
    "a mix that is used twice": (
        "a, b = torch.randn(8, 2), torch.randn(8, 2)\nalpha = torch.rand(8)\n"
        "both = alpha * a + (1 - alpha) * b  # here",
        "broadcast",
        "alpha = torch.rand(8).unsqueeze(1)",
    ),
    "tensors that are joined without a list": (
        "a, b = torch.ones(2), torch.ones(3)\ntorch.cat(a, b, dim=0)  # here",
        "list_of_tensors",
        "torch.cat([a, b], dim=0)",
    ),
    "tensors that are stacked without a list": (
        "a, dim = torch.ones(2), 1\ntorch.stack(a, a, dim)  # here",
        "list_of_tensors",
        "torch.stack([a, a], dim)",
    ),
    "rows without a list": (
        "a = torch.ones(2)\ntorch.vstack(a, a)  # here",
        "list_of_tensors",
        "torch.vstack([a, a])",
    ),
    "one tensor that is joined with nothing": (
        "torch.cat(torch.ones(2))  # here",
        "list_of_tensors",
        "cat([a, b])",
    ),
    "a batch by its number": (
        "loader = torch.utils.data.DataLoader(torch.ones(8, 2), batch_size=2)\nprint(loader[0])  # here",
        "loader_index",
        "print(next(iter(loader)))",
    ),
    "a later batch by its number": (
        "loader = torch.utils.data.DataLoader(torch.ones(8, 2), batch_size=2)\nprint(loader[3])  # here",
        "loader_index",
        "loader.dataset[i]",
    ),
    "the next of a loader": (
        "loader = torch.utils.data.DataLoader(torch.ones(8, 2), batch_size=2)\nx = next(loader)  # here",
        "loader_index",
        "x = next(iter(loader))",
    ),
    "a matrix times a vector by mm": (
        "x, w = torch.ones(2, 3), torch.ones(3)\nprint(x.mm(w))  # here",
        "matmul_shapes",
        "print(x.matmul(w))",
    ),
    "a vector times a matrix by mv": (
        "x, w = torch.ones(2, 3), torch.ones(2)\nprint(torch.mv(w, x))  # here",
        "matmul_shapes",
        "print(torch.matmul(w, x))",
    ),
    "a vector and a matrix that do not fit": (
        "print(torch.dot(torch.ones(2, 3), torch.ones(2)))  # here",
        "matmul_shapes",
        "Use @",
    ),
    "a mean of nothing": (
        "losses = []\nprint(sum(losses) / len(losses))  # here",
        "zero_division",
        "Print len(losses) before",
    ),
    "a rest of nothing, in place": ("n, k = 3, 0\nn %= k  # here", "zero_division", "Print k before"),
    "whole numbers of a tensor by 0": (
        "x, n = torch.arange(4), 0\nprint(x // n)  # here",
        "zero_division",
        "Print n before",
    ),
    "a division by a plain 0": ("print(7 // 0)  # here", "zero_division", "what it divides by"),
    "a product with itself": (
        "z = torch.randn(6, 2)\nz @ z  # here",
        "matmul_shapes",
        "z @ z.T",
    ),
    "argmin on the way to the loss": (
        "w = nn.Parameter(torch.randn(2, 2))\nloss = torch.cdist(torch.randn(5, 2), w).argmin(1).float().mean()\n"
        "loss.backward()  # here",
        "graph_cut",
        "argmin",
    ),
    "the data of the loss": (
        "loss = nn.Linear(2, 1)(torch.randn(3, 2)).mean()\nloss.data.backward()  # here",
        "graph_cut",
        "loss.backward()",
    ),
    "two losses on one line": (
        "h = nn.Linear(2, 3)(torch.randn(4, 2)).exp()\na, b = h.mean(), h.pow(2).mean()\n"
        "a.backward(); b.backward()  # here",
        "backward_twice",
        "a.backward(retain_graph=True)",
    ),
    "pairs of other lengths in cdist": (
        "torch.cdist(torch.randn(5, 2), torch.randn(3, 4))  # here",
        "matmul_shapes",
        "transpose",
    ),
    "lists of other lengths": ("torch.tensor([[1, 2], [3]])  # here", "stack_sizes", "pad_sequence"),
    "branches that are joined along the batch, before dropout": (
        "net, a = nn.Linear(6, 1), torch.randn(4, 3)\nboth = torch.cat((a, a), 0)\n"
        "net(F.dropout(both, 0.1))  # here",
        "cat_dim",
        "torch.cat((a, a), 1)",
    ),
    "a skip connection whose block is too narrow": (
        "conv, a, b = nn.Conv2d(4, 4, 1), torch.randn(2, 4, 8, 8), torch.randn(2, 4, 8, 8)\n"
        "conv(torch.cat((a, b), dim=1))  # here",
        "in_channels",
        "nn.Conv2d(8, 4, 1)",
    ),
    "data of another type, which a loader hands out": (
        "from torch.utils.data import DataLoader, TensorDataset\ndef main():\n"
        "    x = torch.from_numpy(np.random.rand(8, 3))\n    y = torch.randn(8, 1)\n    net = nn.Linear(3, 1)\n"
        "    for a, b in DataLoader(TensorDataset(x, y), batch_size=4):\n"
        "        F.mse_loss(net(a), b)  # here\nmain()",
        "dtype",
        "x = torch.from_numpy(np.random.rand(8, 3)).float()",
    ),
    "data of another type, of which rows are taken": (
        "x = torch.tensor(np.random.rand(8, 3), dtype=torch.float64)\nnet = nn.Linear(3, 1)\n"
        "for i in range(0, 8, 4):\n    net(x[i:i + 4])  # here",
        "dtype",
        "x = torch.tensor(np.random.rand(8, 3), dtype=torch.float32)",
    ),
    "data of another type, in a Dataset": (
        "class Data(torch.utils.data.Dataset):\n    def __init__(self):\n"
        "        self.x = torch.tensor(np.random.rand(8, 3))\n        self.y = torch.arange(8) % 2\n"
        "    def __len__(self):\n        return 8\n"
        "    def __getitem__(self, i):\n        return self.x[i], self.y[i]\n"
        "loader, net = torch.utils.data.DataLoader(Data(), batch_size=4), nn.Linear(3, 2)\n"
        "for a, b in loader:\n    net(a)  # here",
        "dtype",
        "self.x = torch.tensor(np.random.rand(8, 3)).float()",
    ),
    "labels that are made as floats": (
        "y = (torch.randn(6) > 0).float()\nscores = nn.Linear(3, 2)(torch.randn(6, 3))\n"
        "F.cross_entropy(scores, y)  # here",
        "labels_long",
        "y = (torch.randn(6) > 0).long()",
    ),
    "the layer where its result belongs": (
        "fc, x = nn.Linear(3, 2), torch.randn(4, 3)\nF.relu(fc)  # here",
        "layer_not_called",
        "F.relu(fc(x))",
    ),
    "an array that is asked for its size as a tensor is": (
        "x = np.zeros((4, 3))\ntorch.zeros(x.size(0), 2)  # here",
        "numpy_input",
        "torch.from_numpy(x).float()",
    ),
    "targets beyond 1": (
        "x, y = torch.rand(4, 1), torch.full((4, 1), 16.0)\nF.binary_cross_entropy(x, y)  # here",
        "bce_range",
        "x / 255",
    ),
    "scores of a model without sigmoid in two losses": (
        "criterion = nn.BCELoss()\nnet, x = nn.Linear(3, 1), torch.full((4, 3), 9.0)\nnn.init.ones_(net.weight)\n"
        "criterion(net(x), torch.ones(4, 1))  # here\ncriterion(net(x), torch.zeros(4, 1))",
        "bce_range",
        "criterion = nn.BCEWithLogitsLoss()",
    ),
    "numbers that are joined by cat": (
        "losses = [nn.Linear(2, 1)(torch.randn(2)).sum() for _ in range(3)]\ntorch.cat(losses).sum()  # here",
        "cat_sizes",
        "torch.stack(losses).sum()",
    ),
    "two batches side by side": (
        "net, a, b = nn.Linear(2, 3), torch.randn(4, 2), torch.randn(4, 2)\nboth = torch.cat((a, b), dim=1)\n"
        "net(both)  # here",
        "cat_dim",
        "both = torch.cat((a, b), dim=0)",
    ),
    "a Function that is made like a layer": (
        "class Twice(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x):\n        return 2 * x\n"
        "    @staticmethod\n    def backward(ctx, g):\n        return 2 * g\n"
        "twice = Twice()\ntwice(torch.ones(2))  # here",
        "function_apply",
        "twice = Twice.apply",
    ),
    "a size that is another parameter": (
        BLOCKS.replace("BatchNorm2d(cout)", "BatchNorm2d(cin)")
        + "nn.Sequential(Block(3, 8), Block(8, 16))(torch.randn(2, 3, 8, 8))",
        "num_features",
        "self.bn = nn.BatchNorm2d(cout)",
    ),
    "the second of two layers with the size of the first": (
        BLOCKS.replace("Conv2d(cout, cout", "Conv2d(cin, cout")
        + "nn.Sequential(Block(3, 8), Block(8, 16))(torch.randn(2, 3, 8, 8))",
        "in_channels",
        "self.conv2 = nn.Conv2d(cout, cout, 3, padding=1)",
    ),
    "a second block that does not follow the first": (
        BLOCKS + "nn.Sequential(\n    Block(3, 8),\n    Block(cin=4, cout=16),\n)(torch.randn(2, 3, 8, 8))",
        "in_channels",
        "Block(cin=8, cout=16)",
    ),
    "a block that does not fit the data": (
        BLOCKS + "Block(1, 8)(torch.randn(2, 3, 8, 8))",
        "in_channels",
        "Block(3, 8)(",
    ),
    "a size that is another parameter, in a second block": (
        BLOCKS.replace("BatchNorm2d(cout)", "BatchNorm2d(cin)")
        + "nn.Sequential(nn.Conv2d(3, 8, 1), Block(8, 8), Block(8, 16))(torch.randn(2, 3, 8, 8))",
        "num_features",
        "self.bn = nn.BatchNorm2d(cout)",
    ),
    "a count of words that is too small": (
        "words = 'abcdef'\nclass Net(nn.Module):\n    def __init__(self, count):\n        super().__init__()\n"
        "        self.table, self.out = nn.Embedding(count, 3), nn.Linear(3, count)\n"
        "    def forward(self, x):\n        return self.out(self.table(x))  # here\n"
        "net = Net(len(words) - 2)\nnet(torch.arange(6))",
        "embedding_range",
        "net = Net(6)",
    ),
    "a GRU's result and its state": (
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.gru, self.out = nn.GRU(3, 4), nn.Linear(4, 2)\n"
        "    def forward(self, x, h=None):\n        y = self.gru(x, h)\n        return self.out(y), h  # here\n"
        "Net()(torch.randn(5, 2, 3))",
        "layer_returns_tuple",
        "y, h = self.gru(x, h)",
    ),
    "numbers where tensors are stacked": (
        "losses = [nn.Linear(2, 1)(torch.randn(2)).sum().item() for _ in range(3)]\n"
        "torch.stack(losses).sum().backward()  # here",
        "plain_value",
        "leave out .item()",
    ),
    "a mask of bool as the target of a loss": (
        "x = torch.rand(4, 1)\nmasks, net = x > 0.5, nn.Linear(1, 1)\n"
        "F.binary_cross_entropy_with_logits(net(x), masks)  # here",
        "float_target",
        "masks.float())",
    ),
    "one beta for two": (
        "torch.optim.Adam(nn.Linear(2, 1).parameters(), betas=0.5)  # here",
        "optimizer_arguments",
        "betas=(0.9, 0.999)",
    ),
    "a loss that is not a number": (
        "x = torch.tensor([0.5, -1.0]).sqrt()\nF.binary_cross_entropy(x, torch.ones(2))  # here",
        "nan",
        "Look where the first NaN began",
    ),
    "twice a size, after an LSTM in both directions": (
        "class Tagger(nn.Module):\n    def __init__(self, hidden=6):\n        super().__init__()\n"
        "        self.lstm = nn.LSTM(3, hidden, batch_first=True, bidirectional=True)\n"
        "        self.out = nn.Linear(hidden, 2)\n"
        "    def forward(self, x):\n        out, _ = self.lstm(x)\n        return self.out(out[:, -1])  # here\n"
        "Tagger()(torch.randn(2, 5, 3))",
        "in_features",
        "self.out = nn.Linear(hidden * 2, 2)",
    ),
    "indices of a batch, and higher ones in the data": (
        "words = torch.tensor([[1, 7], [2, 3], [9, 0]])\n"
        "loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(words), batch_size=1)\n"
        "table = nn.Embedding(5, 3)\nfor (batch,) in loader:\n    table(batch)  # here",
        "embedding_range",
        "table = nn.Embedding(10, 3)",
    ),
    "indices of users, beside those of items": (
        "users, items = torch.tensor([1, 7, 2]), torch.tensor([50, 60, 70])\n"
        "table = nn.Embedding(5, 3)\ntable(users[:2].clone())  # here",
        "embedding_range",
        "table = nn.Embedding(8, 3)",
    ),
    "a loss of many numbers that is printed as well": (
        "loss = nn.MSELoss(reduction='none')(nn.Linear(3, 1)(torch.randn(4, 3)), torch.zeros(4, 1))\n"
        "loss.backward()  # here\nprint(loss.item())",
        "not_scalar",
        "torch.zeros(4, 1)).mean()",
    ),
    "a module of the program that returns two tensors": (
        "class Encoder(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.mean, self.scale = nn.Linear(4, 2), nn.Linear(4, 2)\n"
        "    def forward(self, x):\n        return self.mean(x), self.scale(x)\n"
        "encoder, decoder = Encoder(), nn.Linear(2, 4)\nz = encoder(torch.randn(3, 4))\ndecoder(z)  # here",
        "layer_returns_tuple",
        "z, _ = encoder(torch.randn(3, 4))",
    ),
    "pictures into a Linear of a Sequential": (
        "net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.MaxPool2d(2), nn.Linear(4 * 3 * 3, 2))\n"
        "net(torch.rand(5, 1, 8, 8))  # here",
        "flatten",
        "nn.MaxPool2d(2), nn.Flatten(), nn.Linear(4 * 3 * 3, 2))",
    ),
    "a table with its features first": (
        "x, y = torch.randn(5, 40), torch.randn(40, 1)\nlinear = nn.Linear(5, 1)\nlinear(x)  # here",
        "in_features",
        "linear(x.T)",
    ),
    "a wrong size, and no table that is turned": (
        "x, y = torch.randn(5, 40), torch.randn(5, 1)\nlinear = nn.Linear(5, 1)\nlinear(x)  # here",
        "in_features",
        "linear = nn.Linear(40, 1)",
    ),
    "two losses of one result": (
        "out = nn.Linear(3, 1)(torch.randn(4, 3))\nsquare = (out**2).mean()\nlength = out.abs().mean()\n"
        "square.backward()\nlength.backward()  # here",
        "backward_twice",
        "square.backward(retain_graph=True)",
    ),
    "an entry that is set": (
        "w = torch.randn(3, requires_grad=True)\nz = torch.exp(w)\nz[0] = 0\nz.sum().backward()  # here",
        "inplace",
        "z = z.clone(); z[0] = 0",
    ),
    "the data of a result": (
        "out = nn.Linear(3, 1)(torch.randn(4, 3)).data\nloss = out.mean()\nloss.backward()  # here",
        "graph_cut",
        "out = nn.Linear(3, 1)(torch.randn(4, 3))",
    ),
    "a class for an optimizer": (
        "optimizer = torch.optim.SGD\noptimizer.zero_grad()  # here",
        "class_for_object",
        "optimizer = torch.optim.SGD(…)",
    ),
    "a list of losses": (
        "losses = [nn.Linear(2, 1)(torch.randn(2)) for _ in range(3)]\nlosses.backward()  # here",
        "plain_value",
        "sum(losses).backward()",
    ),
    "a list for a tensor": ("x = [1.0, 2.0]\nprint(x.shape)  # here", "plain_value", "torch.tensor(x)"),
    "a device that is none": ('x = torch.ones(2).to("GPU")  # here', "device_name", '"cuda" if'),
    "a function for a layer": (
        "act = F.leaky_relu(negative_slope=0.1)  # here",
        "layer_for_function",
        "nn.LeakyReLU(",
    ),
    "heads that changed places": (
        "q = torch.randn(2, 4, 5, 8)\nscores = q @ q.transpose(1, 2)  # here",
        "matmul_shapes",
        "k.transpose(-2, -1)",
    ),
    "texts for labels": ('y = torch.tensor(["cat", "dog"])  # here', "text_in_tensor", "0 for cat"),
    "a table of texts": ('y = torch.tensor(np.array([1, "x"], dtype=object))  # here', "text_in_tensor", "columns"),
    "a schedule that waits for a number": (
        "optimizer = torch.optim.SGD(nn.Linear(1, 1).parameters(), 0.1)\n"
        "schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer)\nschedule.step()  # here",
        "scheduler_metrics",
        "step(val_loss)",
    ),
    "the first entry of one number": (
        "loss = torch.randn(3).mean()\nprint(loss.data[0])  # here",
        "too_many_indices",
        "print(loss.item())",
    ),
    "parameters of two modules": (
        "a, b = nn.Linear(1, 1), nn.Linear(1, 1)\ntorch.optim.SGD(a.parameters() + b.parameters(), 0.1)  # here",
        "parameters_call",
        "list(a.parameters()) + list(b.parameters())",
    ),
    "a mask of whole numbers": (
        "mask = torch.tensor([1, 0])\ntorch.randn(3, 2).masked_fill(mask, 0.0)  # here",
        "mask_dtype",
        "masked_fill(mask.bool(), 0.0)",
    ),
    "a mask beside numbers": (
        "pred, mask = torch.randn(3), torch.tensor([True, False, True])\nboth = pred & mask  # here",
        "mask_dtype",
        "(pred > 0) & mask",
    ),
    "one less a mask": (
        "done = torch.tensor([True, False])\nrest = 0.9 * (1 - done)  # here",
        "mask_dtype",
        "rest = 0.9 * (1 - done.float())",
    ),
    "a size that a function of the program is given": (
        "def block(i, o):\n    return nn.Sequential(nn.Conv2d(i, o, 3), nn.ReLU())\n"
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.a, self.b = block(1, 8), block(8, 8)\n        self.c = block(4, 2)\n"
        "        self.head = nn.Conv2d(4, 1, 1)\n    def forward(self, x):\n"
        "        return self.head(self.c(self.b(self.a(x))))  # here\nNet()(torch.randn(2, 1, 9, 9))",
        "in_channels",
        "self.c = block(8, 2)",
    ),
    "rows that hold parts of several samples": (
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.conv, self.fc = nn.Conv2d(1, 4, 3), nn.Linear(144, 2)\n    def forward(self, x):\n"
        "        x = self.conv(x)\n        x = x.view(-1, 36)\n        return self.fc(x)  # here\n"
        "Net()(torch.randn(5, 1, 8, 8))",
        "in_features",
        "x = x.view(x.size(0), -1)",
    ),
    "a wrong size after a view that keeps the samples": (
        "net = nn.Linear(80, 2)\nx = torch.randn(10, 4, 4, 4)\nx = x.view(-1, 64)\nnet(x)  # here",
        "in_features",
        "net = nn.Linear(64, 2)",
    ),
    "a batch of vectors into bmm": (
        "keys, query = torch.randn(3, 5, 4), torch.randn(3, 4)\nscores = torch.bmm(keys, query)  # here",
        "matmul_shapes",
        "torch.bmm(keys, query.unsqueeze(2))",
    ),
    "the classes of a sequence last": (
        "logits, labels = torch.randn(2, 5, 7), torch.randint(0, 7, (2, 5))\n"
        "F.cross_entropy(logits, labels)  # here",
        "target_batch",
        "F.cross_entropy(logits.transpose(1, 2), labels)",
    ),
    "a label that does not count": (
        "labels = torch.tensor([1, -1])\nF.cross_entropy(torch.randn(2, 3), labels)  # here",
        "target_range",
        "ignore_index=-1",
    ),
    "a gradient of a gradient without a graph": (
        "def grad(y, x):\n    return torch.autograd.grad(y.sum(), x)[0]  # here\n"
        "x = torch.ones(3, requires_grad=True)\ndu = grad(x**2, x)\nddu = grad(du, x)",
        "graph_cut",
        "torch.autograd.grad(y.sum(), x, create_graph=True)[0]",
    ),
    "a graph that is cut before the call": (
        "def grad(y, x):\n    return torch.autograd.grad(y.sum(), x)[0]  # here\n"
        "x = torch.ones(3, requires_grad=True)\nu = (x**2).detach()\ndu = grad(u, x)",
        "graph_cut",
        "u = (x**2)",
    ),
    "the gradient of what has none": (
        "w = torch.ones(3, requires_grad=True)\nx = torch.randn(3) * 2\n"
        "torch.autograd.grad((w * x).sum(), x)  # here",
        "requires_grad",
        "x.requires_grad_()",
    ),
    "the sizes of branches that are joined": (
        "up, x = nn.ConvTranspose2d(2, 2, 3, stride=2), torch.randn(1, 2, 8, 8)\n"
        "torch.cat([up(torch.randn(1, 2, 4, 4)), x], dim=1)  # here",
        "cat_sizes",
        "output_padding=1",
    ),
    "what max returns along a dimension": (
        "y = torch.randn(4, 3).max(dim=1)\nF.l1_loss(torch.randn(4), y)  # here",
        "layer_returns_tuple",
        "x.max(dim=1).values",
    ),
    "doubles into an LSTM": (
        "x, lstm = torch.randn(2, 3, 4).double(), nn.LSTM(4, 5)\nout, _ = lstm(x)  # here",
        "dtype",
        "x, lstm = torch.randn(2, 3, 4).float(), nn.LSTM(4, 5)",
    ),
    "a flattened batch by a view": (
        "net, x = nn.Linear(12, 2), torch.randn(5, 3, 4)\nx = x.view(-1)\nnet(x)  # here",
        "flatten",
        "x = x.view(x.size(0), -1)",
    ),
    "a flattened batch in a Sequential": (
        "net = nn.Sequential(nn.Flatten(0), nn.Linear(12, 2))\nnet(torch.randn(5, 3, 4))  # here",
        "flatten",
        "nn.Flatten(), nn.Linear(12, 2)",
    ),
    "losses of one name in two functions": (
        "net, judge = nn.Linear(3, 3), nn.Linear(3, 1)\n"
        "def first(fake):\n    loss = judge(fake).mean()\n    loss.backward()\n"
        "def second(fake):\n    loss = -judge(fake).mean()\n    loss.backward()  # here\n"
        "made = net(torch.randn(4, 3))\nfirst(made)\nsecond(made)",
        "not_detached",
        "loss = judge(fake.detach()).mean()",
    ),
    "a result of one name that is computed twice": (
        "net, judge = nn.Linear(3, 3), nn.Linear(3, 1)\nmade = net(torch.randn(4, 3))\n"
        "out = judge(torch.randn(4, 3))\nF.relu(out).mean().backward()\nout = judge(made)\n"
        "F.relu(out + 9).mean().backward()\nout = judge(made)\nF.relu(out + 9).mean().backward()  # here",
        "not_detached",
        "out = judge(made.detach())",
    ),
    "weights that sum to nothing": (
        "torch.multinomial(torch.zeros(4), 1)  # here",
        "multinomial_weights",
        "a mask that leaves nothing",
    ),
    "a negative scale": (
        "torch.distributions.Normal(torch.zeros(2), torch.tensor([1.0, -1.0]))  # here",
        "distribution_parameters",
        "F.softplus(x)",
    ),
    "a Function that is made": (
        "class Double(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x):\n"
        "        return 2 * x\n    @staticmethod\n    def backward(ctx, grad):\n        return 2 * grad\n"
        "Double()(torch.ones(2, requires_grad=True))  # here",
        "function_apply",
        "Double.apply(torch.ones(2, requires_grad=True))",
    ),
    "a gradient for nothing": (
        "class Double(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x):\n"
        "        return 2 * x\n    @staticmethod\n    def backward(ctx, grad):\n        return 2 * grad, grad\n"
        "Double.apply(torch.ones(2, requires_grad=True)).sum().backward()  # here",
        "function_gradients",
        "return 2 * grad",
    ),
    "the class of a loss": (
        "criterion, x = nn.CrossEntropyLoss, torch.randn(4, 3)\ncriterion(x, torch.arange(4) % 3)  # here",
        "loss_arguments",
        "criterion, x = nn.CrossEntropyLoss(), torch.randn(4, 3)",
    ),
    "layers that a method returns in a list": (
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.body = self.make()\n    def make(self):\n        return [nn.Linear(2, 2)]\n"
        "    def forward(self, x):\n        return self.body(x)  # here\nNet()(torch.randn(1, 2))",
        "plain_list",
        "self.body = nn.Sequential(*self.make())",
    ),
    "vectors into a transposed convolution": (
        "up, noise = nn.ConvTranspose2d(6, 2, 4), torch.randn(3, 6)\nup(noise)  # here",
        "missing_batch",
        "up(noise[:, :, None, None])",
    ),
    "whole numbers for a binary loss": (
        "p, y = torch.rand(4), torch.tensor([0, 1, 1, 0])\nF.binary_cross_entropy(p, y)  # here",
        "float_target",
        "p, y = torch.rand(4), torch.tensor([0, 1, 1, 0]).float()",
    ),
    "a series without the dimension of its numbers": (
        "lstm, x = nn.LSTM(1, 5, batch_first=True), torch.randn(3, 7)\n"
        "h = torch.zeros(1, 3, 5)\nlstm(x, (h, h))  # here",
        "missing_batch",
        "lstm(x.unsqueeze(-1), (h, h))",
    ),
    "what max returns in a product": (
        "rest, best = torch.randn(4), torch.randn(4, 3).max(1)\nvalue = rest * best  # here",
        "layer_returns_tuple",
        "x.max(dim=1).values",
    ),
    "an attribute beside a variable of its name": (
        "class Options:\n    def __init__(self):\n        self.epochs = 3\nargs = Options()\n"
        "for epoch in range(args.epoch):  # here\n    torch.ones(1)",
        "attribute_name",
        "for epoch in range(args.epochs):",
    ),
    "a layer of the program by another name": (
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.inp = nn.Linear(2, 2)\n    def forward(self, x):\n"
        "        return self.input(x)  # here\nNet()(torch.randn(1, 2))",
        "attribute_name",
        "return self.inp(x)",
    ),
}
# The failing line -> the operands by the program's own names, as it names them.
OPERANDS = {
    "1 - torch.ones(2).bool()": ["torch.ones(2).bool()"],
    "torch.ones(3).cumsum(0) == torch.ones(2)": ["torch.ones(3).cumsum(0)", "torch.ones(2)"],
    "torch.cat([torch.ones(2, 3), torch.ones(2, 4)])": ["torch.ones(2, 3)", "torch.ones(2, 4)"],
}
TRAIN = """
net = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Linear(8, 2))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
x, y = torch.randn(40, 4), torch.arange(40) % 2
for step in range(4):
    out = net(x[:30])
    right = (out.argmax(1) == y[:30]).float().mean()
    loss = F.cross_entropy(out, y[:30])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""
TRAIN_FIRST = (
    "net = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Linear(8, 1))\n"
    "optimizer = torch.optim.SGD(net.parameters(), lr=0.1)\nx = torch.randn(20, 4)\ny = (x[:, :1] > 0).float()\n"
    "for step in range(3):\n    loss = F.binary_cross_entropy_with_logits(net(x), y)\n    optimizer.zero_grad()\n"
    "    loss.backward()\n    optimizer.step()\n"
)
SLOPES = (
    "net = nn.Sequential(nn.Linear(1, 8), nn.Tanh(), nn.Linear(8, 1))\n"
    "optimizer = torch.optim.SGD(net.parameters(), lr=0.01)\nfor step in range(4):\n"
    "    t = torch.rand(9, 1).requires_grad_()\n    slope = torch.autograd.grad(net(t).sum(), t{more})[0]{mark}\n"
    "    loss = ((slope - 2 * t) ** 2).mean() * 3 + net(torch.zeros(1, 1)).square().mean()\n"
    "    optimizer.zero_grad()\n    loss.backward()\n    optimizer.step()\n"
)
SLOW = (
    "x = torch.randn(90, 8)\nnet, y = nn.Linear(8, 3), x[:, :3].argmax(1)\n"
    "nn.init.uniform_(net.weight, -0.1, 0.1)\noptimizer = torch.optim.SGD(net.parameters(), lr={rate})\n"
    "for step in range(30):\n    loss = F.cross_entropy(net(x), y)\n    optimizer.zero_grad()\n"
    "    loss.backward(){mark}\n    optimizer.step()\n"
)
SILENT = {
    "an equation of slopes without a graph, beside another loss": (
        SLOPES.format(more="", mark="  # here"),
        "create_graph",
    ),
    "a rate that is far too small": (SLOW.format(rate="1e-7", mark="  # here"), "loss_at_chance"),
    "a probability that no sigmoid made": (
        "net = nn.Linear(4, 1)\nnn.init.constant_(net.weight, 0.1)\nnn.init.constant_(net.bias, 0.2)\n"
        "x = torch.rand(12, 4)\nF.binary_cross_entropy(net(x), (x[:, :1] > 0.5).float()).backward()  # here",
        "bce_range",
    ),
    "a Dice score in train mode": (
        TRAIN_FIRST + "with torch.no_grad():\n    answer = (torch.sigmoid(net(x)) > 0.5).float()  # here\n"
        "    print((2 * (answer * y).sum() / (answer + y).sum()).item())",
        "eval_forgotten",
    ),
    "a softmax over the one query": (
        "keys = torch.randn(2, 5, 3)\nscores = torch.randn(2, 1, 5)\n"
        "weights = F.softmax(scores, dim=1)  # here\nprint(torch.bmm(weights, keys).shape)",
        "softmax_over_queries",
    ),
    "main without parentheses": ("def main():\n    print(torch.ones(2))\nmain  # here", "not_called"),
    "Adam with a rate far too high": (
        "torch.manual_seed(1)\nx = torch.randn(300, 20)\ny = x.argmax(1) % 5\n"
        "net = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 5))\n"
        "optimizer = torch.optim.Adam(net.parameters(), lr=30)\nfor step in range(100):\n"
        "    loss = F.cross_entropy(net(x), y)\n    optimizer.zero_grad()\n    loss.backward()  # here\n"
        "    optimizer.step()",
        "diverges",
    ),
    "an evaluation with the graph on": (
        TRAIN + "out = net(x[30:])  # here\nprint((out.argmax(1) == y[30:]).float().mean())",
        "eval_forgotten",
    ),
    "dropout by its own name": (
        "from torch.nn.functional import dropout\nclass Net(nn.Module):\n    def __init__(self):\n"
        "        super().__init__()\n        self.fc = nn.Linear(4, 30)\n    def forward(self, x):\n"
        "        return dropout(self.fc(x))  # here\nNet().eval()(torch.randn(2, 4))",
        "dropout_in_eval",
    ),
    "log_softmax over the batch alone": (
        "scores = F.log_softmax(nn.Linear(4, 3)(torch.randn(6, 4)), dim=0)  # here\n"
        "F.nll_loss(scores, torch.arange(6) % 3).backward()",
        "softmax_over_batch",
    ),
    "the heads of an attention, with dropout": (
        "q, k, v = (nn.Linear(4, 4) for _ in range(3))\nx = torch.randn(2, 3, 5, 4)\n"
        "weights = torch.softmax(q(x) @ k(x).transpose(-2, -1), dim=1)  # here\n"
        "(F.dropout(weights, 0.1) @ v(x)).sum().backward()",
        "softmax_over_batch",
    ),
    "the queries of one sample": (
        "q, k, v = (nn.Linear(4, 4) for _ in range(3))\nx = torch.randn(5, 4)\n"
        "weights = torch.softmax(q(x) @ k(x).T, dim=0)  # here\n(weights @ v(x)).sum().backward()",
        "softmax_over_queries",
    ),
    "a relu that lets nothing through": (
        "net = nn.Sequential(nn.Linear(4, 2), nn.ReLU())\nnn.init.constant_(net[0].bias, -99.0)\n"
        "optimizer, x = torch.optim.SGD(net.parameters(), lr=0.1), torch.randn(8, 4)\nfor step in range(4):\n"
        "    optimizer.zero_grad()\n    F.cross_entropy(net(x), torch.arange(8) % 2).backward()  # here\n"
        "    optimizer.step()",
        "relu_before_loss",
    ),
    "an output of pairs": (
        "net, bias = nn.Linear(3, 1), nn.Parameter(torch.zeros(6, 1))\nx, y = torch.randn(6, 3), torch.randn(6)\n"
        "loss = F.mse_loss(net(x).squeeze() + bias, y)  # here\nloss.backward()",
        "broadcast",
    ),
    "weights that are changed through .data, and old gradients": (
        "net, x = nn.Linear(3, 1), torch.randn(6, 3)\nfor step in range(5):\n    loss = net(x).pow(2).mean()\n"
        "    loss.backward()  # here\n    for p in net.parameters():\n        p.data.add_(p.grad.data, alpha=-0.1)",
        "no_zero_grad",
    ),
    "an encoder that the optimizer does not know": (
        "enc, dec = nn.Linear(4, 3), nn.Linear(3, 1)\noptimizer = torch.optim.SGD(dec.parameters(), lr=0.1)\n"
        "x = torch.randn(8, 4)\nfor step in range(5):\n    loss = dec(enc(x)).pow(2).mean()\n"
        "    optimizer.zero_grad()\n    loss.backward()\n    optimizer.step()  # here",
        "not_in_optimizer",
    ),
    "a backward that is not called": (
        TRAIN.replace("    loss.backward()", "    loss.backward  # here"),
        "not_called",
    ),
    "an evaluation mode that is not called": (
        TRAIN + "net.eval  # here\nprint((net(x[30:]).argmax(1) == y[30:]).float().mean())",
        "not_called",
    ),
    "a rate from which the loss comes back in part": (
        "net, x = nn.Sequential(nn.Linear(2, 32), nn.SiLU(), nn.Linear(32, 1)), torch.randn(64, 2)\n"
        "optimizer = torch.optim.Adam(net.parameters(), lr=20.0)\nfor step in range(60):\n"
        "    loss = F.mse_loss(net(x), x[:, :1])\n    optimizer.zero_grad()\n    loss.backward()  # here\n"
        "    optimizer.step()",
        "diverges",
    ),
}
WELL = {
    "an equation of slopes with a graph": SLOPES.format(more=", create_graph=True", mark=""),
    "a rate that is small, and teaches": SLOW.format(rate="0.01", mark=""),
    "a step along a slope": (
        "net, x = nn.Linear(3, 1), torch.randn(8, 3).requires_grad_()\n"
        "optimizer = torch.optim.SGD(net.parameters(), lr=0.1)\nfor step in range(3):\n"
        "    (slope,) = torch.autograd.grad(net(x).pow(2).sum(), x)\n"
        "    loss = net((x + 0.1 * slope.sign()).detach()).pow(2).mean() * slope.norm()\n"
        "    optimizer.zero_grad()\n    loss.backward()\n    optimizer.step()"
    ),
    "a probability by hand": (
        "net, x = nn.Linear(4, 1), torch.rand(12, 4)\np = 1 / (1 + torch.exp(-net(x)))\n"
        "F.binary_cross_entropy(p, (x[:, :1] > 0.5).float()).backward()"
    ),
    "two optimizers of one network that take turns": (
        "net, x = nn.Linear(3, 1), torch.randn(8, 3)\n"
        "both = [torch.optim.Adam(net.parameters(), lr=0.01) for _ in range(2)]\nfor step in range(20):\n"
        "    loss = F.mse_loss(net(x), x[:, :1])\n    net.zero_grad()\n    loss.backward()\n"
        "    both[step % 2].step()"
    ),
    "all pairs on purpose": (
        "net, x = nn.Linear(3, 1), torch.randn(8, 3)\noptimizer = torch.optim.SGD(net.parameters(), lr=0.1)\n"
        "for step in range(3):\n    good, bad = net(x), net(-x).squeeze(1)\n"
        "    loss = F.softplus(bad - good.squeeze(1).unsqueeze(1)).mean()\n    optimizer.zero_grad()\n"
        "    loss.backward()\n    optimizer.step()"
    ),
    "a network that is loaded, trained by nobody and passed through": (
        "first, judge = nn.Linear(3, 3), nn.Linear(3, 1)\njudge.load_state_dict(nn.Linear(3, 1).state_dict())\n"
        "optimizer = torch.optim.SGD(first.parameters(), lr=0.1)\nfor step in range(3):\n"
        "    loss = judge(first(torch.randn(8, 3))).mean()\n    optimizer.zero_grad()\n    loss.backward()\n"
        "    optimizer.step()"
    ),
    "a chunk of heads that is viewed as it is": (
        "x = torch.randn(2, 6, 8)\na, b = x.chunk(2, dim=1)\n"
        "print(a.reshape(2, 3, 2, 4).shape, b.reshape(6, 8).shape)"
    ),
    "a loss that leaps once, and ends far below where it began": (
        "torch.manual_seed(3)\nx = torch.randn(64, 5)\ny = x @ torch.randn(5, 1)\nnet = nn.Linear(5, 1)\n"
        "optimizer = torch.optim.SGD(net.parameters(), lr=0.1)\nfor step in range(80):\n"
        "    loss = F.mse_loss(net(x), y) * (100_000 if step == 3 else 1)\n    optimizer.zero_grad()\n"
        "    loss.backward()\n    nn.utils.clip_grad_norm_(net.parameters(), 1.0)\n    optimizer.step()"
    ),
    "parameters that are made again and kept": (
        "net, x, fast = nn.Linear(3, 1), torch.randn(6, 3), []\nnet(x).pow(2).mean().backward()\n"
        "for p in net.parameters():\n    p = p.detach() - 0.1 * p.grad\n    fast.append(p)"
    ),
    "slots that compete for their inputs": (
        "q, k, v = nn.Linear(4, 4), nn.Linear(4, 4), nn.Linear(4, 4)\nslots, x = torch.randn(2, 3, 4),"
        " torch.randn(2, 5, 4)\nshare = torch.softmax(q(slots) @ k(x).transpose(1, 2), dim=1)\n"
        "share = share / share.sum(-1, keepdim=True)\n(share @ v(x)).sum().backward()"
    ),
    "a target network that follows another one": (
        "net, target = nn.Linear(3, 2), nn.Linear(3, 2)\noptimizer = torch.optim.SGD(net.parameters(), lr=0.1)\n"
        "x = torch.randn(8, 3)\nfor step in range(5):\n    loss = F.mse_loss(net(x), target(x))\n"
        "    optimizer.zero_grad()\n    loss.backward()\n    optimizer.step()\n"
        "    target.load_state_dict(net.state_dict())"
    ),
    "a frozen network that measures an output": (
        "net, judge = nn.Linear(3, 3), nn.Linear(3, 2)\noptimizer = torch.optim.SGD(net.parameters(), lr=0.1)\n"
        "x = torch.randn(8, 3)\nfor step in range(5):\n    loss = F.mse_loss(judge(net(x)), torch.zeros(8, 2))\n"
        "    optimizer.zero_grad()\n    loss.backward()\n    optimizer.step()"
    ),
    "training, with the accuracy of each batch": TRAIN,
    "training, evaluated in eval mode": TRAIN
    + "net.eval()\nprint((net(x[30:]).argmax(1) == y[30:]).float().mean())",
}


def run(runner: Runner, folder: Path, text: str) -> tuple[Record, int]:
    program = folder / "program.py"
    program.write_text(BEGIN + text + "\n", encoding="utf-8")
    rows = program.read_text(encoding="utf-8").splitlines()
    record = runner.run(program)
    assert not record.troubles, record.troubles
    return record, next((number for number, row in enumerate(rows, 1) if row.endswith("# here")), 0)


@pytest.mark.parametrize("what", RAISES)
def test_the_cause_and_the_repair_are_named(runner: Runner, tmp_path: Path, what: str) -> None:
    text, cause, repair = RAISES[what]
    record, line = run(runner, tmp_path, text)
    assert record.error is not None
    assert (record.error.cause, record.error.line) == (cause, line), record.error
    assert repair in record.error.repair.text("en"), record.error.repair
    assert "{" not in record.error.why.text("zh")


@pytest.mark.parametrize("line", OPERANDS)
def test_the_operands_have_the_names_of_the_program(runner: Runner, tmp_path: Path, line: str) -> None:
    error = run(runner, tmp_path, line)[0].error
    assert error is not None and error.expression == line
    assert [one.name for one in error.operands] == OPERANDS[line]


@pytest.mark.parametrize("what", SILENT)
def test_the_silent_mistake_is_found_once(runner: Runner, tmp_path: Path, what: str) -> None:
    text, key = SILENT[what]
    record, line = run(runner, tmp_path, text)
    assert record.error is None, record.error
    assert [(one.key, one.line) for one in record.findings] == [(key, line)]


@pytest.mark.parametrize("what", WELL)
def test_nothing_is_found_where_all_is_well(runner: Runner, tmp_path: Path, what: str) -> None:
    assert run(runner, tmp_path, WELL[what])[0].findings == ()


def test_a_list_is_repaired_in_the_class_that_is_called(runner: Runner, tmp_path: Path) -> None:
    text = MANY.format(name="Good", layers="nn.Sequential(*[nn.Linear(3, 3)])", mark="") + MANY.format(
        name="Bad", layers="[nn.Linear(3, 3)]", mark="  # here"
    )
    program = text + "Bad()(Good()(torch.randn(2, 3)))"
    record, line = run(runner, tmp_path, program)
    assert record.error is not None and record.error.line == line
    assert "nn.Sequential(*[nn.Linear(3, 3)])" in record.error.repair.text("en")
    assert f"line {line - 2}" in record.error.repair.text("en")
    assert [one.line for one in record.findings] == [line - 2]


def test_layers_in_a_dictionary_are_called_so(runner: Runner, tmp_path: Path) -> None:
    text = (
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        '        self.parts = {"a": nn.Linear(2, 2)}  # here\n    def forward(self, x):\n'
        '        return self.parts["a"](x)\nNet()(torch.randn(1, 2))'
    )
    record, line = run(runner, tmp_path, text)
    (one,) = record.findings
    assert (one.key, one.line) == ("plain_list", line)
    assert "dictionary" in one.evidence.text("en") and "ModuleDict" in one.repair.text("en")


def test_lengths_that_a_dataset_takes_and_should_not_are_found() -> None:
    watch = DatasetLengths(Progress(Source("program.py", "")))
    dataset = TensorDataset(torch.zeros(80, 4), torch.zeros(80))
    watch.makes(dataset, 3)
    assert not watch.findings
    dataset.tensors = (torch.zeros(80, 4), torch.zeros(90))  # some releases of torch do not refuse them
    watch.makes(dataset, 4)
    (finding,) = watch.findings.values()
    assert (finding.key, finding.line) == ("dataset_lengths", 4)
    assert "80, 90" in finding.evidence.text("en")


@pytest.mark.parametrize(
    ("line", "change"),
    [
        ("p = p - lr * p.grad", "p -= lr * p.grad"),
        ("p = p + step(p.grad)", "p += step(p.grad)"),
        ("p = -lr * p.grad + p", None),  # to keep the right side alone would double p
        ("p = q - lr * p.grad", None),
        ("p = p * p.grad", None),
    ],
)
def test_only_a_sum_that_begins_with_the_name_is_written_in_place(line: str, change: str | None) -> None:
    source = Source("<line>", line)
    (assignment,) = source.tree.body
    assert isinstance(assignment, ast.Assign)
    assert in_place(source, "p", assignment.value) == change
