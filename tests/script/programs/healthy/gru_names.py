import string
import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence, pack_padded_sequence
from torch.utils.data import Dataset, DataLoader

NAMES = {
    "en": ["smith", "jones", "taylor", "brown"],
    "de": ["schmidt", "bauer", "krause", "vogel"],
    "it": ["rossi", "russo", "ferrari"],
}
vocab = {c: i + 1 for i, c in enumerate(string.ascii_lowercase)}
languages = sorted(NAMES)


class NameDataset(Dataset):
    def __init__(self):
        self.samples = [(name, languages.index(lang)) for lang, names in NAMES.items() for name in names]

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, i):
        name, label = self.samples[i]
        return torch.tensor([vocab[c] for c in name]), label


def collate(batch):
    names, labels = zip(*sorted(batch, key=lambda b: len(b[0]), reverse=True))
    lengths = torch.tensor([len(n) for n in names])
    return pad_sequence(names, batch_first=True), lengths, torch.tensor(labels)


class Classifier(nn.Module):
    def __init__(self, n_chars, emb, hidden, n_out):
        super().__init__()
        self.embedding = nn.Embedding(n_chars, emb, padding_idx=0)
        self.gru = nn.GRU(emb, hidden, batch_first=True, bidirectional=True)
        self.out = nn.Linear(2 * hidden, n_out)

    def forward(self, x, lengths):
        packed = pack_padded_sequence(self.embedding(x), lengths, batch_first=True)
        _, h = self.gru(packed)
        return self.out(torch.cat([h[0], h[1]], dim=1))


torch.manual_seed(0)
loader = DataLoader(NameDataset(), batch_size=4, shuffle=True, collate_fn=collate)
model = Classifier(len(vocab) + 1, 8, 16, len(languages))
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.RMSprop(model.parameters(), lr=0.01)
for epoch in range(5):
    correct = 0
    for x, lengths, y in loader:
        logits = model(x, lengths)
        loss = loss_fn(logits, y)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        correct += (logits.argmax(-1) == y).sum().item()
    print(epoch, correct, "/", len(loader.dataset))
