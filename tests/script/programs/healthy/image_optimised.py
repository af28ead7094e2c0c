import torch, torch.nn as nn
torch.manual_seed(0)
features = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 8, 3, padding=1)).eval()
for p in features.parameters(): p.requires_grad_(False)
def gram(x):
    b, c, h, w = x.size()
    f = x.view(b * c, h * w)
    return f @ f.t() / (b * c * h * w)
content, style = torch.rand(1, 3, 16, 16), torch.rand(1, 3, 16, 16)
img = content.clone().requires_grad_(True)
optimizer = torch.optim.LBFGS([img], max_iter=3)
target_c, target_s = features(content), gram(features(style))
run = [0]
while run[0] < 6:
    def closure():
        with torch.no_grad():
            img.clamp_(0, 1)
        optimizer.zero_grad()
        out = features(img)
        loss = nn.functional.mse_loss(out, target_c) + 1e3 * nn.functional.mse_loss(gram(out), target_s)
        loss.backward()
        run[0] += 1
        return loss
    optimizer.step(closure)
print(run, img.min().item() > -1)
