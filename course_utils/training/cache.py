"""Compiled programs, kept for the next call with the same model.

Compiling takes longer than training. What a program was compiled for is its architecture, loss,
metrics, optimizer settings and sizes; weights, learning rates and data are only its input. So two
models from two calls of ``build_model()`` share one program if their configurations agree, names
of layers and initializers aside. (New shapes of data make TensorFlow compile it once more.)
"""

import json
from collections import OrderedDict

from course_utils.training.keras_setup import give_memory_back
from course_utils.training.optimizer import optimizer_key
from course_utils.training.program import Program
from course_utils.training.support import layers_of

CAPACITY = 16
MOST_WEIGHTS = 5_000_000  # of all programs: 60 MB with Adam, which holds each weight three times
WITHOUT_EFFECT = ("name", "kernel_initializer", "bias_initializer", "seed", "build_config")
REFERENCES = ("input_layers", "output_layers", "keras_history")

_programs = OrderedDict()


def program_for(model, groups, batch_size, number=0, xla=True):
    """Return a `Program` for models like `model`, an old one where there is one.

    Programs of different numbers are never the same one, so that they can run side by side.
    """
    key = (*program_key(model, groups, batch_size), number, xla)
    if key not in _programs:
        if number == 0:  # the others are shards of the same runs
            _make_room(model.count_params() * sum(size for _, size in groups))
        _programs[key] = Program(model, groups, batch_size, xla, repr(key))
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
    layers = list(layers_of(model))
    places = [[id(one) for one in layers].index(id(layer)) for layer in layers]
    traits = [
        _without_names(model.get_config()),
        places,  # a config has two layers for a shared one
        [layer.compute_dtype for layer in layers],
        [(tuple(v.shape), str(v.dtype), v.trainable) for v in model.variables],
        [compiled["loss"], compiled["metrics"], compiled["weighted_metrics"]],
    ]
    movers = tuple((optimizer_key(optimizer), size) for optimizer, size in groups)
    return type(model), json.dumps(traits, sort_keys=True), movers, batch_size


def _without_names(config, places=None):
    """Return a model's config with the place of each layer in place of its name.

    Names stand in a few places only; elsewhere the same text can be an activation.
    """
    if isinstance(config, (list, tuple)):
        return [_without_names(value, places) for value in config]
    if not isinstance(config, dict):
        return config
    if "layers" in config:  # of a model, whose layers have names of their own
        places = {layer["config"]["name"]: place for place, layer in enumerate(config["layers"])}
    return {
        key: _placed(value, places) if key in REFERENCES else _without_names(value, places)
        for key, value in config.items()
        if key not in WITHOUT_EFFECT
    }


def _placed(references, places):
    """Return references to layers, whose only strings are names, with places for the names."""
    if isinstance(references, dict):
        return {key: _placed(value, places) for key, value in references.items()}
    if isinstance(references, (list, tuple)):
        return [_placed(value, places) for value in references]
    return places[references] if isinstance(references, str) else references
