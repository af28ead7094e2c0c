import torch
import torch.nn as nn
import numpy as np
import matplotlib.pyplot as plt
from tqdm import tqdm
import matplotlib

matplotlib.use("Agg")
losses = []
net = nn.Linear(1, 1); opt = torch.optim.SGD(net.parameters(), lr=0.1)
for i in tqdm(range(20), desc="train"):
    x = torch.rand(8, 1)
    loss = nn.functional.mse_loss(net(x), 2 * x)
    opt.zero_grad(); loss.backward(); opt.step()
    losses.append(loss.item())
fig, ax = plt.subplots()
ax.plot(losses, label="loss"); ax.legend(); ax.set_xlabel("step")
plt.savefig("x.png")
fig, axes = plt.subplots(2, 3, figsize=(6, 4))
for i, a in enumerate(axes.flat):
    a.imshow(np.zeros((4, 4)), cmap="gray"); a.axis("off")
n, bins, patches = plt.hist(losses)
plt.figure(figsize=(3, 3)); plt.subplot(1, 2, 1); plt.title("a"); plt.tight_layout(); plt.show()
pbar = tqdm(range(3))
for j in pbar:
    pbar.set_description(f"{j}"); pbar.set_postfix(loss=1)
