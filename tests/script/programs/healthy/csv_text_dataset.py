import csv
import io
import torch
from torch import nn
from torch.utils.data import Dataset, DataLoader, random_split

CSV = (
    """sepal,petal,species
5.1,1.4,setosa
4.9,1.4,setosa
7.0,4.7,versicolor
6.4,4.5,versicolor
6.3,6.0,virginica
5.8,5.1,virginica
"""
    * 8
)


class CsvDataset(Dataset):
    def __init__(self, text: str):
        rows = list(csv.DictReader(io.StringIO(text.replace("sepal,petal,species", "", 0))))
        rows = [r for r in rows if r["species"] != "species"]
        self.classes = sorted({r["species"] for r in rows})
        self.x = torch.tensor([[float(r["sepal"]), float(r["petal"])] for r in rows])
        self.y = torch.tensor([self.classes.index(r["species"]) for r in rows])

    def __len__(self):
        return self.x.shape[0]

    def __getitem__(self, idx):
        return self.x[idx], self.y[idx]


torch.manual_seed(0)
dataset = CsvDataset(CSV)
train_set, test_set = random_split(dataset, [40, len(dataset) - 40])
mean, std = dataset.x[train_set.indices].mean(0), dataset.x[train_set.indices].std(0)
model = nn.Sequential(nn.Linear(2, 10), nn.Tanh(), nn.Linear(10, 3))
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(10):
    for x, y in DataLoader(train_set, batch_size=8, shuffle=True):
        loss = nn.functional.cross_entropy(model((x - mean) / std), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
model.eval()
hits = 0
with torch.no_grad():
    for x, y in DataLoader(test_set, batch_size=4):
        hits += (model((x - mean) / std).argmax(1) == y).sum().item()
print(f"test accuracy: {hits}/{len(test_set)}")
