"""MNIST in a folder that does not hold it."""

from torchvision import datasets, transforms

data = datasets.MNIST("numbers", train=True, transform=transforms.ToTensor())  # here: dataset_download
picture, label = data[0]
print(picture.mean(), label)
