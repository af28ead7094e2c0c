import torch
from torch import nn
import numpy as np

torch.manual_seed(111)
np.random.seed(0)


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.model = nn.Sequential(
            nn.Linear(2, 32), nn.ReLU(), nn.Dropout(0.3),
            nn.Linear(32, 16), nn.ReLU(), nn.Dropout(0.3),
            nn.Linear(16, 1), nn.Sigmoid(),
        )

    def forward(self, x):
        return self.model(x)


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.model = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 2))

    def forward(self, x):
        return self.model(x)


train_data_length = 256
train_data = torch.zeros((train_data_length, 2))
train_data[:, 0] = 2 * np.pi * torch.rand(train_data_length)
train_data[:, 1] = torch.sin(train_data[:, 0])
train_labels = torch.zeros(train_data_length)
train_set = [(train_data[i], train_labels[i]) for i in range(train_data_length)]
train_loader = torch.utils.data.DataLoader(train_set, batch_size=32, shuffle=True)
discriminator, generator = Discriminator(), Generator()
loss_function = nn.BCELoss()
optimizer_discriminator = torch.optim.Adam(discriminator.parameters(), lr=0.001)
optimizer_generator = torch.optim.Adam(generator.parameters(), lr=0.001)
for epoch in range(2):
    for n, (real_samples, _) in enumerate(train_loader):
        batch_size = real_samples.size(0)
        real_labels = torch.ones((batch_size, 1))
        latent = torch.randn((batch_size, 2))
        generated = generator(latent)
        generated_labels = torch.zeros((batch_size, 1))
        all_samples = torch.cat((real_samples, generated.detach()))
        all_labels = torch.cat((real_labels, generated_labels))
        discriminator.zero_grad()
        output_discriminator = discriminator(all_samples)
        loss_discriminator = loss_function(output_discriminator, all_labels)
        loss_discriminator.backward()
        optimizer_discriminator.step()
        latent = torch.randn((batch_size, 2))
        generator.zero_grad()
        generated = generator(latent)
        output_generated = discriminator(generated)
        loss_generator = loss_function(output_generated, real_labels)
        loss_generator.backward()
        optimizer_generator.step()
    print(f"Epoch: {epoch} Loss D.: {loss_discriminator} Loss G.: {loss_generator}")
