import random
import torch
import torch.nn as nn
import torch.optim as optim

PAD, SOS, VOCAB = 0, 1, 12


class Encoder(nn.Module):
    def __init__(self, hid):
        super().__init__()
        self.emb = nn.Embedding(VOCAB, hid)
        self.rnn = nn.GRU(hid, hid)

    def forward(self, src):
        return self.rnn(self.emb(src))


class AttnDecoder(nn.Module):
    def __init__(self, hid):
        super().__init__()
        self.emb = nn.Embedding(VOCAB, hid)
        self.attn = nn.Linear(hid * 2, 1)
        self.rnn = nn.GRU(hid * 2, hid)
        self.out = nn.Linear(hid, VOCAB)

    def forward(self, token, hidden, enc_out):
        e = self.emb(token).unsqueeze(0)
        h = hidden.expand(enc_out.size(0), -1, -1)
        energy = self.attn(torch.cat([h, enc_out], dim=2))
        weights = torch.softmax(energy, dim=0)
        context = (weights * enc_out).sum(0, keepdim=True)
        o, hidden = self.rnn(torch.cat([e, context], dim=2), hidden)
        return self.out(o.squeeze(0)), hidden


random.seed(0)
torch.manual_seed(0)
enc, dec = Encoder(16), AttnDecoder(16)
params = list(enc.parameters()) + list(dec.parameters())
opt = optim.Adam(params, lr=5e-3)
ce = nn.CrossEntropyLoss(ignore_index=PAD)
for step in range(6):
    src = torch.randint(2, VOCAB, (5, 8))
    trg = src.flip(0)
    out, hidden = enc(src)
    token = torch.full((8,), SOS)
    loss = 0
    for t in range(trg.size(0)):
        logits, hidden = dec(token, hidden, out)
        loss += ce(logits, trg[t])
        token = trg[t] if random.random() < 0.5 else logits.argmax(1)
    opt.zero_grad()
    loss.backward()
    opt.step()
    print(step, loss.item() / trg.size(0))
