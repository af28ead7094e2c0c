import torch, torch.nn as nn
from torch.distributions import Normal
torch.manual_seed(0)
actor = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 1)); critic = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 1))
log_std = nn.Parameter(torch.zeros(1))
opt = torch.optim.Adam([*actor.parameters(), *critic.parameters(), log_std], 3e-3)
for it in range(4):
    s, obs, acts, rews = torch.randn(2), [], [], []
    with torch.no_grad():
        for t in range(20):
            a = Normal(actor(s), log_std.exp()).sample()
            obs.append(s); acts.append(a); rews.append(-(s[0] ** 2))
            s = torch.stack([s[0] + 0.1 * s[1], s[1] + 0.1 * a[0]])
    O, A, R = torch.stack(obs), torch.stack(acts), torch.stack(rews)
    with torch.no_grad():
        v = critic(O).squeeze(-1); ret, run = torch.zeros_like(R), 0.0
        for t in reversed(range(20)):
            run = R[t] + 0.95 * run; ret[t] = run
        adv = ret - v; adv = (adv - adv.mean()) / (adv.std() + 1e-8)
        old = Normal(actor(O), log_std.exp()).log_prob(A).sum(-1)
    for _ in range(3):
        ratio = (Normal(actor(O), log_std.exp()).log_prob(A).sum(-1) - old).exp()
        pi = -torch.min(ratio * adv, ratio.clamp(0.8, 1.2) * adv).mean()
        vl = (critic(O).squeeze(-1) - ret).pow(2).mean()
        opt.zero_grad(); (pi + 0.5 * vl).backward(); nn.utils.clip_grad_norm_(critic.parameters(), 0.5); opt.step()
print(pi.item(), vl.item())
