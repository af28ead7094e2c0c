import torch, torch.nn as nn
from torch.nn.utils.rnn import pad_sequence, pack_padded_sequence, pad_packed_sequence
from torch.utils.data import DataLoader
sentences = [("the cat sat", "D N V"), ("a dog ran home", "D N V N"), ("cats run", "N V"), ("the dog sat", "D N V")]
words = {w: i + 1 for i, w in enumerate(sorted({w for s, _ in sentences for w in s.split()}))}
tags = {t: i for i, t in enumerate("DNV")}
def collate(batch):
    xs = [torch.tensor([words[w] for w in s.split()]) for s, _ in batch]
    ys = [torch.tensor([tags[t] for t in ts.split()]) for _, ts in batch]
    return pad_sequence(xs, batch_first=True), pad_sequence(ys, batch_first=True, padding_value=-100), torch.tensor([len(x) for x in xs])
class Tagger(nn.Module):
    def __init__(self, v, t):
        super().__init__()
        self.emb = nn.Embedding(v, 8, padding_idx=0)
        self.lstm = nn.LSTM(8, 8, bidirectional=True, batch_first=True)
        self.out = nn.Linear(16, t)
    def forward(self, x, n):
        p = pack_padded_sequence(self.emb(x), n, batch_first=True, enforce_sorted=False)
        h, _ = pad_packed_sequence(self.lstm(p)[0], batch_first=True)
        return self.out(h)
model = Tagger(len(words) + 1, 3)
opt = torch.optim.Adam(model.parameters(), 0.05)
crit = nn.CrossEntropyLoss()
for e in range(5):
    for x, y, n in DataLoader(sentences, batch_size=2, shuffle=True, collate_fn=collate):
        opt.zero_grad()
        loss = crit(model(x, n).transpose(1, 2), y)
        loss.backward(); opt.step()
    print(e, loss.item())
