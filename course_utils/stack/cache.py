"""Compiled programs, kept for the next call with the same model.

Compiling takes longer than training. What a program was compiled for is its architecture, loss,
metrics, optimizer settings and sizes; weights, learning rates and data are only its input. So two
models from two calls of ``build_model()`` share one program if their configurations agree, names
and initializers aside. (New shapes of data make TensorFlow compile that program once more.)
"""

import json
from collections import OrderedDict

from course_utils.keras_setup import give_memory_back
from course_utils.stack.optimizer import optimizer_key
from course_utils.stack.program import Program

CAPACITY = 16
MOST_WEIGHTS = 2_500_000  # of all programs; with Adam each weight is held three times
WITHOUT_EFFECT = ("kernel_initializer", "bias_initializer", "seed", "build_config")

_programs = OrderedDict()


def program_for(model, groups, batch_size, number=0, xla=True):
    """Return a `Program` for models like `model`, an old one where there is one.

    Programs of different numbers are never the same one, so that they can run side by side.
    """
    key = (*program_key(model, groups, batch_size), number, xla)
    if key not in _programs:
        if number == 0:  # the others are parts of the same job
            _make_room(model.count_params() * sum(size for _, size in groups))
        _programs[key] = Program(model, groups, batch_size, xla)
    _programs.move_to_end(key)
    return _programs[key]


def _make_room(n_weights):
    """Forget the oldest programs, so that one more of so many weights can be kept."""

    def held():
        return sum(program.size * sum(program.n_weights) for program in _programs.values())

    while _programs and (len(_programs) >= CAPACITY or held() + n_weights > MOST_WEIGHTS):
        _programs.popitem(last=False)
    give_memory_back(collect=True)  # compiling takes 100 MB for a while


def clear():
    """Forget every compiled program."""
    _programs.clear()


def program_key(model, groups, batch_size):
    """Return what two programs' models, and groups of optimizers, must have in common."""
    compiled = model.get_compile_config()
    architecture = json.dumps(_without(model.get_config(), WITHOUT_EFFECT), sort_keys=True)
    for number, layer in enumerate([model, *model._flatten_layers(include_self=False)]):
        architecture = architecture.replace(f'"{layer.name}"', f'"layer {number}"')
    measures = json.dumps([compiled["loss"], compiled["metrics"], compiled["weighted_metrics"]])
    movers = tuple((optimizer_key(optimizer), size) for optimizer, size in groups)
    return type(model), architecture, measures, movers, batch_size


def _without(config, names):
    if isinstance(config, dict):
        return {key: _without(value, names) for key, value in config.items() if key not in names}
    if isinstance(config, (list, tuple)):
        return [_without(value, names) for value in config]
    return config
