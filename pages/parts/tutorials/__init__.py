"""The five tutorials that Stepwise brings to life, step by step."""
