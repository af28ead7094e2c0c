import random
from collections import Counter
import torch
import torch.nn as nn
import torch.nn.functional as F

random.seed(0); torch.manual_seed(0)
corpus = ("the king rules the land the queen rules the land the man walks the dog the woman walks the cat "
          "a king is a man a queen is a woman the dog chases the cat").split()
counts = Counter(corpus)
vocab = sorted(counts)
stoi = {w: i for i, w in enumerate(vocab)}
V, D, K, window = len(vocab), 16, 4, 2

pairs = []
for i, w in enumerate(corpus):
    for j in range(max(0, i - window), min(len(corpus), i + window + 1)):
        if i != j:
            pairs.append((stoi[w], stoi[corpus[j]]))
freq = torch.tensor([counts[w] for w in vocab], dtype=torch.float) ** 0.75

class SkipGram(nn.Module):
    def __init__(self, v, d):
        super().__init__()
        self.center = nn.Embedding(v, d)
        self.context = nn.Embedding(v, d)
        nn.init.uniform_(self.center.weight, -0.5 / d, 0.5 / d)
        nn.init.zeros_(self.context.weight)
    def forward(self, c, pos, neg):
        vc = self.center(c)
        pos_score = (vc * self.context(pos)).sum(1)
        neg_score = torch.bmm(self.context(neg), vc.unsqueeze(2)).squeeze(2)
        return -(F.logsigmoid(pos_score) + F.logsigmoid(-neg_score).sum(1)).mean()

model = SkipGram(V, D)
optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
for epoch in range(20):
    random.shuffle(pairs)
    total = 0
    for k in range(0, len(pairs), 32):
        batch = torch.tensor(pairs[k:k + 32])
        neg = torch.multinomial(freq, len(batch) * K, replacement=True).view(len(batch), K)
        loss = model(batch[:, 0], batch[:, 1], neg)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    if epoch % 5 == 4:
        print("epoch", epoch + 1, "loss", total)

emb = F.normalize(model.center.weight.detach(), dim=1)
sim = emb @ emb.t()
for w in ("king", "dog"):
    best = sim[stoi[w]].topk(3).indices.tolist()
    print(w, "->", [vocab[i] for i in best])
