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
    parts = [
        _without(_unnamed(model.get_config()), WITHOUT_EFFECT),
        _shared_layers(model),
        [(tuple(v.shape), str(v.dtype), v.trainable) for v in model.variables],
        [compiled["loss"], compiled["metrics"], compiled["weighted_metrics"]],
    ]
    movers = tuple((optimizer_key(optimizer), size) for optimizer, size in groups)
    return type(model), json.dumps(parts, sort_keys=True), movers, batch_size


def _unnamed(config):
    """Return a model's config with the place of each layer in place of its name."""
    places = {layer["config"]["name"]: place for place, layer in enumerate(config["layers"])}
    ends = {end: _placed(config.get(end), places) for end in ("input_layers", "output_layers")}
    layers = []
    for layer in config["layers"]:
        own = layer["config"]
        own = _unnamed(own) if "layers" in own else {**own, "name": None}
        calls = _placed_tensors(layer.get("inbound_nodes"), places)
        layers.append({**layer, "name": None, "config": own, "inbound_nodes": calls})
    return {**config, **ends, "name": None, "layers": layers}


def _placed_tensors(calls, places):
    """Return the calls of a layer with the places of the layers that their tensors come from."""
    if isinstance(calls, dict) and calls.get("class_name") == "__keras_tensor__":
        return {"shape": calls["config"]["shape"],
                "from": _placed(calls["config"]["keras_history"], places)}  # fmt: skip
    if isinstance(calls, dict):
        return {key: _placed_tensors(value, places) for key, value in calls.items()}
    if isinstance(calls, (list, tuple)):
        return [_placed_tensors(value, places) for value in calls]
    return calls


def _placed(references, places):
    """Return references to layers, whose only strings are names, with places for the names."""
    if isinstance(references, dict):
        return {key: _placed(value, places) for key, value in references.items()}
    if isinstance(references, (list, tuple)):
        return [_placed(value, places) for value in references]
    return places[references] if isinstance(references, str) else references


def _shared_layers(model):
    """Return, for each layer, where it first stands; a config has two layers for a shared one."""
    found = [id(layer) for layer in layers_of(model)]
    return [found.index(one) for one in found]


def _without(config, names):
    if isinstance(config, dict):
        return {key: _without(value, names) for key, value in config.items() if key not in names}
    if isinstance(config, (list, tuple)):
        return [_without(value, names) for value in config]
    return config
