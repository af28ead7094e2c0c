"""Q-learning with a target network and a replay memory."""

import copy
import random

import torch
from torch import nn

torch.manual_seed(0)
random.seed(0)
policy = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 2))
target = copy.deepcopy(policy)
optimizer = torch.optim.AdamW(policy.parameters(), lr=1e-3)
memory = []
state = torch.zeros(1, 2)
for step in range(30):
    with torch.no_grad():
        action = policy(state).max(1).indices.view(1, 1)
    following = torch.rand(1, 2)
    memory.append((state, action, following, torch.tensor([float(action.item())])))
    state = following
    if len(memory) < 8:
        continue
    batch = random.sample(memory, 8)
    states, actions, nexts, rewards = (torch.cat(part) for part in zip(*batch))
    values = policy(states).gather(1, actions)
    with torch.no_grad():
        expected = target(nexts).max(1).values * 0.9 + rewards
    loss = nn.functional.smooth_l1_loss(values, expected.unsqueeze(1))
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_value_(policy.parameters(), 100)
    optimizer.step()
    if step % 10 == 0:
        target.load_state_dict(policy.state_dict())
print(loss.item())
