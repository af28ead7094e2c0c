"""An LSTM over words of sentences of different lengths."""

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence


class Sentiment(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(30, 8, padding_idx=0)
        self.lstm = nn.LSTM(8, 8, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(16, 1)

    def forward(self, x, lengths):
        packed = pack_padded_sequence(self.embedding(x), lengths, batch_first=True, enforce_sorted=False)
        _, (h, _) = self.lstm(packed)
        return self.fc(torch.cat([h[0], h[1]], dim=1)).squeeze(1)


torch.manual_seed(0)
sentences = [torch.randint(1, 30, (n,)) for n in (3, 5, 2, 6, 4, 4)]
lengths = torch.tensor([len(s) for s in sentences])
x = pad_sequence(sentences, batch_first=True)
y = torch.tensor([1.0, 0.0, 1.0, 0.0, 1.0, 0.0])
model = Sentiment()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
criterion = nn.BCEWithLogitsLoss()
for epoch in range(5):
    optimizer.zero_grad()
    loss = criterion(model(x, lengths), y)
    loss.backward()
    optimizer.step()
accuracy = ((torch.sigmoid(model(x, lengths)) > 0.5) == y.bool()).float().mean()
print(accuracy.item())
