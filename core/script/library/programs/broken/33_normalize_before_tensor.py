"""Normalize stands before ToTensor."""

import numpy as np
from PIL import Image
from torchvision import transforms

steps = transforms.Compose([transforms.Normalize((0.5,), (0.5,)), transforms.ToTensor()])
picture = Image.fromarray(np.zeros((8, 8), dtype=np.uint8))
print(steps(picture).shape)  # here: picture_expected
