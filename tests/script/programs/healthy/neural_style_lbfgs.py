import torch, torch.nn as nn, torch.nn.functional as F
def gram(x):
    a, b, c, d = x.size()
    f = x.view(a * b, c * d)
    return torch.mm(f, f.t()).div(a * b * c * d)
vgg = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(), nn.Conv2d(4, 4, 3, padding=1)).eval().requires_grad_(False)
style, content = torch.rand(1, 3, 16, 16), torch.rand(1, 3, 16, 16)
input_img = content.clone().requires_grad_(True)
optimizer = torch.optim.LBFGS([input_img], max_iter=4)
run = [0]
while run[0] <= 8:
    def closure():
        with torch.no_grad():
            input_img.clamp_(0, 1)
        optimizer.zero_grad()
        out = vgg(input_img)
        loss = 1e4 * F.mse_loss(gram(out), gram(vgg(style))) + F.mse_loss(out, vgg(content))
        loss.backward()
        run[0] += 1
        return loss
    optimizer.step(closure)
print(run)
