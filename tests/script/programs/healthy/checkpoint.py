"""Training is saved, and goes on from the file."""

import tempfile
from pathlib import Path

import torch
from torch import nn


def main():
    torch.manual_seed(0)
    x = torch.randn(30, 3)
    y = x.sum(1, keepdim=True)
    model = nn.Linear(3, 1)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "checkpoint.pth"
        for epoch in range(3):
            optimizer.zero_grad()
            loss = nn.MSELoss()(model(x), y)
            loss.backward()
            optimizer.step()
            torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": epoch}, path)
        other = nn.Linear(3, 1)
        resumed = torch.optim.Adam(other.parameters(), lr=0.01)
        saved = torch.load(path)
        other.load_state_dict(saved["model"])
        resumed.load_state_dict(saved["optimizer"])
        for epoch in range(saved["epoch"] + 1, 6):
            resumed.zero_grad()
            nn.MSELoss()(other(x), y).backward()
            resumed.step()
        print(other.weight)


if __name__ == "__main__":
    main()
