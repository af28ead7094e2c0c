"""A small transformer that reads letters."""

import math

import torch
from torch import nn
from torch.nn import functional as F


class Attention(nn.Module):
    def __init__(self, size, heads, length):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(size, 3 * size)
        self.out = nn.Linear(size, size)
        self.register_buffer("mask", torch.tril(torch.ones(length, length)).view(1, 1, length, length))

    def forward(self, x):
        B, T, C = x.shape
        q, k, v = self.qkv(x).split(C, dim=2)
        q = q.view(B, T, self.heads, C // self.heads).transpose(1, 2)
        k = k.view(B, T, self.heads, C // self.heads).transpose(1, 2)
        v = v.view(B, T, self.heads, C // self.heads).transpose(1, 2)
        scores = q @ k.transpose(-2, -1) / math.sqrt(k.size(-1))
        scores = scores.masked_fill(self.mask[:, :, :T, :T] == 0, float("-inf"))
        y = F.softmax(scores, dim=-1) @ v
        return self.out(y.transpose(1, 2).contiguous().view(B, T, C))


class Block(nn.Module):
    def __init__(self, size, heads, length):
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(size), nn.LayerNorm(size)
        self.attention = Attention(size, heads, length)
        self.mlp = nn.Sequential(nn.Linear(size, 4 * size), nn.GELU(), nn.Linear(4 * size, size), nn.Dropout(0.1))

    def forward(self, x):
        x = x + self.attention(self.ln1(x))
        return x + self.mlp(self.ln2(x))


class GPT(nn.Module):
    def __init__(self, vocabulary, size=16, heads=4, layers=2, length=8):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, size)
        self.places = nn.Embedding(length, size)
        self.blocks = nn.Sequential(*[Block(size, heads, length) for _ in range(layers)])
        self.ln = nn.LayerNorm(size)
        self.head = nn.Linear(size, vocabulary, bias=False)

    def forward(self, idx, targets=None):
        B, T = idx.shape
        x = self.tokens(idx) + self.places(torch.arange(T, device=idx.device))
        logits = self.head(self.ln(self.blocks(x)))
        if targets is None:
            return logits, None
        return logits, F.cross_entropy(logits.view(-1, logits.size(-1)), targets.view(-1))


torch.manual_seed(0)
text = "hello world, hello torch. " * 8
letters = sorted(set(text))
data = torch.tensor([letters.index(c) for c in text])
model = GPT(len(letters))
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
for step in range(10):
    ix = torch.randint(len(data) - 9, (8,))
    xb = torch.stack([data[i : i + 8] for i in ix])
    yb = torch.stack([data[i + 1 : i + 9] for i in ix])
    logits, loss = model(xb, yb)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
print(loss.item())
model.eval()
idx = torch.zeros((1, 1), dtype=torch.long)
for _ in range(6):
    with torch.no_grad():
        logits, _ = model(idx[:, -8:])
    probabilities = F.softmax(logits[:, -1, :], dim=-1)
    idx = torch.cat((idx, torch.multinomial(probabilities, 1)), dim=1)
print("".join(letters[i] for i in idx[0].tolist()))
