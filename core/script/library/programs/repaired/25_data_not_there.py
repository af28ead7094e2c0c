"""MNIST in a folder that does not hold it."""

from pathlib import Path

from torchvision import datasets, transforms

if Path("numbers/MNIST").exists():
    data = datasets.MNIST("numbers", train=True, transform=transforms.ToTensor())
else:  # until the files are there: noise of the same shape
    data = datasets.FakeData(100, (1, 28, 28), transform=transforms.ToTensor())
picture, label = data[0]
print(picture.mean(), label)
