import torch, torch.nn as nn
torch.manual_seed(0)
class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.features = nn.Sequential(nn.Conv2d(1, 6, 3, padding=1), nn.ReLU(), nn.Conv2d(6, 12, 3, padding=1), nn.ReLU())
        self.pool = nn.AdaptiveAvgPool2d((1, 1))
        self.classifier = nn.Linear(12, 3)
        self.gradients = None
    def activations_hook(self, grad):
        self.gradients = grad
    def forward(self, x):
        x = self.features(x)
        if x.requires_grad:
            x.register_hook(self.activations_hook)
        self.activation = x.detach()
        x = self.pool(x)
        x = torch.flatten(x, 1)
        return self.classifier(x)
net = Net()
net.eval()
image = torch.rand(1, 1, 12, 12)
scores = net(image)
pred = scores.argmax(dim=1)
scores[:, pred].backward()
weights = net.gradients.mean(dim=[2, 3], keepdim=True)
cam = torch.relu((weights * net.activation).sum(1)).squeeze()
cam = cam / (cam.max() + 1e-8)
print(pred.item(), cam.shape, cam.min().item(), cam.max().item())
