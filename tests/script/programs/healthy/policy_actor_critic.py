import torch
import torch.nn as nn
import torch.nn.functional as F
from collections import deque, namedtuple
from itertools import count
from torch.distributions import Categorical
SavedAction = namedtuple('SavedAction', ['log_prob', 'value'])

class Corridor:
    def reset(self):
        self.s, self.t = 0, 0
        return self._obs()
    def _obs(self):
        return torch.nn.functional.one_hot(torch.tensor(self.s), 5).float()
    def step(self, a):
        self.s = max(0, min(4, self.s + (1 if a == 1 else -1))); self.t += 1
        return self._obs(), float(self.s == 4), self.s == 4 or self.t > 15

class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.affine1 = nn.Linear(5, 16)
        self.action_head = nn.Linear(16, 2)
        self.value_head = nn.Linear(16, 1)
        self.saved_actions, self.rewards = [], []
    def forward(self, x):
        x = F.relu(self.affine1(x))
        return F.softmax(self.action_head(x), dim=-1), self.value_head(x)

env, model = Corridor(), Policy()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-2)
def select_action(state):
    probs, v = model(state)
    m = Categorical(probs)
    action = m.sample()
    model.saved_actions.append(SavedAction(m.log_prob(action), v))
    return action.item()
def finish_episode():
    R, pl, vl, returns = 0, [], [], []
    for r in model.rewards[::-1]:
        R = r + 0.99 * R
        returns.insert(0, R)
    returns = torch.tensor(returns)
    returns = (returns - returns.mean()) / (returns.std() + 1e-6)
    for (log_prob, value), R in zip(model.saved_actions, returns):
        advantage = R - value.item()
        pl.append(-log_prob * advantage)
        vl.append(F.smooth_l1_loss(value, torch.tensor([R])))
    optimizer.zero_grad()
    loss = torch.stack(pl).sum() + torch.stack(vl).sum()
    loss.backward()
    optimizer.step()
    del model.rewards[:]
    del model.saved_actions[:]
running = 10
for ep in range(6):
    state, total = env.reset(), 0
    for t in count():
        state, reward, done = env.step(select_action(state))
        model.rewards.append(reward); total += reward
        if done:
            break
    finish_episode()
    running = 0.05 * total + 0.95 * running
    print(f"Episode {ep}\tLast reward: {total:.2f}\tAverage reward: {running:.2f}")
