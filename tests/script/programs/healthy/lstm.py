"""An LSTM that predicts the next value of a sine."""

import torch
from torch import nn


class Forecast(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(1, 8, batch_first=True)
        self.fc = nn.Linear(8, 1)

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.fc(out[:, -1])


torch.manual_seed(0)
wave = torch.sin(torch.arange(0, 60) * 0.3)
x = torch.stack([wave[i : i + 10] for i in range(40)]).unsqueeze(-1)
y = torch.stack([wave[i + 10] for i in range(40)]).unsqueeze(-1)
model = Forecast()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
criterion = nn.MSELoss()
losses = []
for epoch in range(8):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
print(losses)
