"""A stack of layers."""


def show(): ...
