import torch
acc = torch.tensor(0.5)
print(f"accuracy: {acc}")
