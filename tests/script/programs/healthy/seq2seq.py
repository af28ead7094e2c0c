import random
import torch
import torch.nn as nn
import torch.nn.functional as F
SOS, EOS, V, H = 0, 1, 12, 16

class EncoderRNN(nn.Module):
    def __init__(self, input_size, hidden_size, dropout_p=0.1):
        super().__init__()
        self.embedding = nn.Embedding(input_size, hidden_size)
        self.gru = nn.GRU(hidden_size, hidden_size, batch_first=True)
        self.dropout = nn.Dropout(dropout_p)
    def forward(self, x):
        return self.gru(self.dropout(self.embedding(x)))

class BahdanauAttention(nn.Module):
    def __init__(self, h):
        super().__init__()
        self.Wa, self.Ua, self.Va = nn.Linear(h, h), nn.Linear(h, h), nn.Linear(h, 1)
    def forward(self, query, keys):
        scores = self.Va(torch.tanh(self.Wa(query) + self.Ua(keys))).squeeze(2).unsqueeze(1)
        weights = F.softmax(scores, dim=-1)
        return torch.bmm(weights, keys), weights

class AttnDecoderRNN(nn.Module):
    def __init__(self, h, out):
        super().__init__()
        self.embedding = nn.Embedding(out, h)
        self.attention = BahdanauAttention(h)
        self.gru = nn.GRU(2 * h, h, batch_first=True)
        self.out = nn.Linear(h, out)
    def forward(self, enc, hidden, target=None, steps=5):
        inp = torch.full((enc.size(0), 1), SOS, dtype=torch.long)
        outs = []
        for i in range(steps):
            o, hidden, w = self.step(inp, hidden, enc)
            outs.append(o)
            if target is not None:
                inp = target[:, i].unsqueeze(1)
            else:
                _, topi = o.topk(1)
                inp = topi.squeeze(-1).detach()
        return F.log_softmax(torch.cat(outs, dim=1), dim=-1), hidden
    def step(self, inp, hidden, enc):
        e = self.embedding(inp)
        ctx, w = self.attention(hidden.permute(1, 0, 2), enc)
        o, hidden = self.gru(torch.cat((e, ctx), dim=2), hidden)
        return self.out(o), hidden, w

enc, dec = EncoderRNN(V, H), AttnDecoderRNN(H, V)
eo, do = torch.optim.Adam(enc.parameters(), lr=0.001), torch.optim.Adam(dec.parameters(), lr=0.001)
crit = nn.NLLLoss()
for step in range(8):
    src = torch.randint(2, V, (4, 5)); tgt = src.flip(1)
    eo.zero_grad(); do.zero_grad()
    eouts, eh = enc(src)
    douts, _ = dec(eouts, eh, tgt if random.random() < 0.5 else None)
    loss = crit(douts.view(-1, douts.size(-1)), tgt.reshape(-1))
    loss.backward()
    eo.step(); do.step()
    print(step, loss.item())
