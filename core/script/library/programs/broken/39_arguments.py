"""A program that wants an argument, and is run without one."""

import argparse

import torch

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, required=True)
options = parser.parse_args()  # here: exit
for epoch in range(options.epochs):
    print(epoch, torch.rand(1).shape)
