"""The networks that a file of weights may be for, and which of them it is or comes nearest to."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor, nn

from core.errors import N_, InvalidSetting, Phrase
from core.networks import registry, tutorials
from core.weights.state_dict import State, checked, common, find, fits
from core.weights.state_dict import difference as difference_of

READER = "ReaderNet"
NO_STATE_DICT = N_("{file} holds no state_dict: save it with torch.save(network.state_dict(), 'model.pth')")


def networks() -> dict[str, nn.Module]:
    """Return every network that a file of weights is recognised for, by its title."""
    return {READER: tutorials.ReaderNet(), **{spec.title: spec.build(0.5) for spec in registry.DIGIT_NETS.values()}}


def network_of(content: object, file: str) -> tuple[str, nn.Module]:
    """Return title and network, in train mode with the weights of ``content``, by the names and shapes in it.

    Raises ``InvalidSetting`` that names the nearest network and the first difference.
    """
    _refuse_optimizer(content, file)
    nets = networks()
    states = {title: find(content, network.state_dict()) for title, network in nets.items()}
    for title, network in nets.items():
        state, target = states[title], network.state_dict()
        if state is not None and fits(state, target):
            network.load_state_dict(checked(state, target, file))
            return title, network
    raise _unknown(nets, states, file)


def _refuse_optimizer(content: object, file: str) -> None:
    if isinstance(content, dict) and content.keys() == {"state", "param_groups"}:
        raise InvalidSetting(
            N_("{file} holds the state of an optimizer, not weights: choose the file of network.state_dict()"),
            file=file,
        )


def _unknown(nets: dict[str, nn.Module], states: Mapping[str, State | None], file: str) -> InvalidSetting:
    """Return what is said of weights that are no known network's."""
    some = {title: state for title, state in states.items() if state is not None}
    if not some:
        return InvalidSetting(NO_STATE_DICT, file=file)
    title = max(some, key=lambda title: common(some[title], nets[title].state_dict()))
    target = nets[title].state_dict()
    if common(some[title], target) == (0, 0, 0):
        return InvalidSetting(
            N_("{file} holds the weights of a network that is not known here, and none that is known is like it"),
            file=file,
        )
    return InvalidSetting(
        N_("{file} holds the weights of a network that is not known here. The nearest is {network}: {difference}"),
        file=file,
        network=Phrase(title),
        difference=difference_of(some[title], target),
    )


def weights_for(content: object, target: Mapping[str, Tensor], file: str) -> dict[str, Tensor]:
    """Return the weights in ``content`` for a network whose ``state_dict`` is ``target``, each checked.

    Raises ``InvalidSetting`` that says which known network they are of, or the first difference.
    """
    _refuse_optimizer(content, file)
    state = find(content, target)
    if state is None:
        raise InvalidSetting(NO_STATE_DICT, file=file)
    difference = difference_of(state, target)
    if difference is None:
        return checked(state, target, file)
    for title, network in networks().items():
        other = network.state_dict()
        of_other = find(content, other)
        if of_other is not None and fits(of_other, other):
            raise InvalidSetting(
                N_("{file} is of another network, {network}: {difference}"),
                file=file,
                network=Phrase(title),
                difference=difference,
            )
    raise InvalidSetting(N_("{file} is of another network: {difference}"), file=file, difference=difference)
