import torch, torchvision
activation = {}
def get_activation(name):
    def hook(model, input, output):
        activation[name] = output.detach()
    return hook
model = torchvision.models.squeezenet1_1(weights=None)
model.eval()
for m in model.modules():
    if isinstance(m, torch.nn.ReLU):
        m.inplace = False
h = model.features[2].register_forward_hook(get_activation('pool'))
grads = []
model.classifier[1].register_full_backward_hook(lambda m, gi, go: grads.append(go[0].norm().item()))
x = torch.randn(1, 3, 64, 64)
out = model(x)
out[0, 3].backward()
print(activation['pool'].shape, out.argmax(1).item() >= 0, len(grads))
h.remove()
