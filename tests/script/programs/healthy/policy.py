"""REINFORCE on a bandit with two arms."""

import torch
from torch import nn
from torch.distributions import Categorical

torch.manual_seed(0)
policy = nn.Sequential(nn.Linear(1, 8), nn.Tanh(), nn.Linear(8, 2), nn.Softmax(dim=-1))
optimizer = torch.optim.Adam(policy.parameters(), lr=0.05)
for episode in range(10):
    log_probs, rewards = [], []
    for t in range(5):
        distribution = Categorical(policy(torch.ones(1, 1)))
        action = distribution.sample()
        log_probs.append(distribution.log_prob(action))
        rewards.append(float(action.item()))
    returns = torch.tensor(rewards) - 0.5
    loss = torch.stack([-p * r for p, r in zip(log_probs, returns)]).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(policy(torch.ones(1, 1)))
