"""nn.TransformerEncoder with a mask for padding."""

import torch
from torch import nn


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(20, 16, padding_idx=0)
        layer = nn.TransformerEncoderLayer(16, 2, 32, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.fc = nn.Linear(16, 2)

    def forward(self, x):
        mask = x == 0
        h = self.encoder(self.embedding(x), src_key_padding_mask=mask)
        return self.fc(h.mean(1))


torch.manual_seed(0)
x = torch.randint(1, 20, (16, 6))
x[:, 4:] = 0
y = (x[:, 0] > 10).long()
model = Classifier()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(3):
    model.train()
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
model.eval()
with torch.no_grad():
    print((model(x).argmax(1) == y).float().mean())
