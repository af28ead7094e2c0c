# 字符级语言模型 (GRU)
import torch
import torch.nn as nn

文本 = "今天天气很好 我们去学习 hello world 深度学习 " * 8
字符表 = sorted(set(文本))
编号 = {c: i for i, c in enumerate(字符表)}
数据 = torch.tensor([编号[c] for c in 文本], dtype=torch.long)
SEQ = 12

class 模型(nn.Module):
    def __init__(self, vocab_size, embed_dim=16, hidden_size=32):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_dim)  # 词嵌入
        self.gru = nn.GRU(embed_dim, hidden_size, batch_first=True)
        self.fc = nn.Linear(hidden_size, vocab_size)

    def forward(self, x, h=None):
        x = self.embedding(x)
        out, h = self.gru(x, h)
        return self.fc(out), h

torch.manual_seed(7)
net = 模型(len(字符表))
opt = torch.optim.Adam(net.parameters(), lr=0.01)
criterion = nn.CrossEntropyLoss()
h = None
for step in range(30):
    i = (step * 4 * SEQ) % (len(数据) - 4 * SEQ - 1)
    x = 数据[i:i + 4 * SEQ].view(4, SEQ)
    y = 数据[i + 1:i + 4 * SEQ + 1].view(4, SEQ)
    logits, h = net(x, h)
    h = h.detach()  # 截断的时间反向传播
    loss = criterion(logits.view(-1, len(字符表)), y.reshape(-1))
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    if step % 10 == 0:
        print("第", step, "步 损失", round(loss.item(), 3))
