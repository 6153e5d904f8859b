"""Compiled programs, kept for the next call with the same model.

Compiling takes longer than training. What a program was compiled for is its architecture, loss,
metrics, optimizer settings and sizes; weights, learning rates and data are only its input. So two
models from two calls of ``build_model()`` share one program if their configurations agree, names
of layers and initializers aside. (New shapes of data make TensorFlow compile it once more.)
"""

from collections import OrderedDict

from course_utils.training.baseline import one_loss
from course_utils.training.keras_setup import give_memory_back
from course_utils.training.library_hooks import settings_of
from course_utils.training.optimizer import as_text, optimizer_key
from course_utils.training.program import Program
from course_utils.training.support import compiled_metrics, layers_of

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
        [settings_of(each) for each in (one_loss(model.loss), *compiled_metrics(model).values())],
    ]
    movers = tuple((optimizer_key(optimizer), size) for optimizer, size in groups)
    return type(model), as_text(traits), movers, batch_size


def _without_names(config, places=None, refers=False):
    """Return a model's config with the place of each layer in place of its name.

    Names are the only strings of `REFERENCES`; elsewhere the same text can be an activation.
    """
    if isinstance(config, (list, tuple)):
        return [_without_names(value, places, refers) for value in config]
    if not isinstance(config, dict):
        return places[config] if refers and isinstance(config, str) else config
    if "layers" in config and not refers:  # of a model, whose layers have names of their own
        places = {layer["config"]["name"]: place for place, layer in enumerate(config["layers"])}
    return {
        key: _without_names(value, places, refers or key in REFERENCES)
        for key, value in config.items()
        if refers or key not in WITHOUT_EFFECT
    }
