"""Normalize stands before ToTensor."""

import numpy as np
from PIL import Image
from torchvision import transforms

steps = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
picture = Image.fromarray(np.zeros((8, 8), dtype=np.uint8))
print(steps(picture).shape)
