"""What can be stacked, and why something cannot: the reason that the reader is told."""

import numpy as np

from course_utils.training.baseline import loss_name, one_loss
from course_utils.training.keras_setup import keras
from course_utils.training.library_hooks import function_of, settings_of
from course_utils.training.optimizer import reason_against_optimizer

STACKABLE = (  # names in keras.layers
    "Activation", "Add", "Average", "AveragePooling1D", "AveragePooling2D",
    "BatchNormalization", "Concatenate", "Conv1D", "Conv2D", "Cropping1D", "Cropping2D",
    "Dense", "DepthwiseConv1D", "DepthwiseConv2D", "Dropout", "ELU", "Embedding", "Flatten",
    "GaussianDropout", "GaussianNoise", "GlobalAveragePooling1D", "GlobalAveragePooling2D",
    "GlobalMaxPooling1D", "GlobalMaxPooling2D", "GroupNormalization", "Identity", "InputLayer",
    "LayerNormalization", "LeakyReLU", "MaxPooling1D", "MaxPooling2D", "Maximum", "Minimum",
    "Multiply", "PReLU", "Permute", "ReLU", "RepeatVector", "Rescaling", "Reshape",
    "SeparableConv1D", "SeparableConv2D", "Softmax", "SpatialDropout1D", "SpatialDropout2D",
    "Subtract", "UnitNormalization", "UpSampling1D", "UpSampling2D", "ZeroPadding1D",
    "ZeroPadding2D",
)  # fmt: skip
RANDOM = ("Dropout", "GaussianDropout", "GaussianNoise", "SpatialDropout1D", "SpatialDropout2D")
STACKABLE_LAYERS = frozenset(getattr(keras.layers, name) for name in STACKABLE)
RANDOM_LAYERS = tuple(getattr(keras.layers, name) for name in RANDOM)
_INPUT = keras.Input((1,))
CONTAINERS = (keras.Sequential, type(keras.Model(_INPUT, _INPUT)))  # nothing but their layers
MEAN_REDUCTIONS = ("sum_over_batch_size", "mean", "mean_with_sample_weight")
# Functions of a whole batch: the hinges look through all labels for a -1.
NOT_BY_SAMPLE = ("circle", "dice", "hinge", "squared_hinge", "tversky")
GROUPED = (keras.layers.GroupNormalization,)
NOT_VECTORIZED = ("sparsemax",)


def meet_data(model, x, y):
    """Show a model some samples, so that Keras makes its metrics from their names, or cannot."""
    n = model(x[:2]).shape[-1] + 1  # as many as outputs would broadcast where nothing fits
    x, y = (np.resize(values, (n, *values.shape[1:])) for values in (x, y))
    outputs = model(x)
    model.compute_loss(x, y, outputs)
    model.compute_metrics(x, y, outputs)
    model.reset_metrics()


def layers_of(model):
    """Yield the layers of a model and of the models in it."""
    for layer in model.layers:
        yield layer
        if isinstance(layer, keras.Model):
            yield from layers_of(layer)


def mixes_samples(model):
    """Whether, in training, the output for one sample depends on the others of its batch.

    Of such a model, a short batch cannot be filled up with samples that do not count.
    """
    return any(
        isinstance(layer, (keras.layers.BatchNormalization, *RANDOM_LAYERS))
        or getattr(layer, "activity_regularizer", None) is not None
        for layer in layers_of(model)
    )


def is_random(model):
    """Whether the model draws random numbers in training."""
    return any(isinstance(layer, RANDOM_LAYERS) for layer in layers_of(model))


def sample_loss(model):
    """Return the function (y_true, y_pred) -> loss of each sample."""
    loss = keras.losses.get(one_loss(model.loss))
    return loss.call if isinstance(loss, keras.losses.Loss) else loss


def sample_metrics(model):
    """Return {name: function (y_true, y_pred) -> value of each sample} of the compiled metrics."""
    return {name: _with_settings(metric) for name, metric in compiled_metrics(model).items()}


def take_back_accuracy(model, history):
    """Let no answer count as right while the loss is no number; changes the history.

    Which class is the largest of outputs that are NaN, each compiler answers in its own way.
    """
    for name, metric in compiled_metrics(model).items():
        if "accuracy" in getattr(function_of(metric), "__name__", ""):
            for prefix in {"", "val_"} & {key.removesuffix(name) for key in history}:
                history[prefix + name][~np.isfinite(history[f"{prefix}loss"])] = 0.0


def reason_against_stacking(runs):
    """Return why `KerasRuns` cannot be trained as one, or None.

    Their model must have seen a batch, so that Keras has made its metrics from their names.
    """
    model, optimizers = runs.template, dict.fromkeys(runs.movers)
    return (
        _reason_against_layers(model)
        or next(filter(None, (_reason_against_optimizer(model, one) for one in optimizers)), None)
        or _reason_against_loss(model)
        or _reason_against_metrics(model)
    )


def _reason_against_layers(model):
    if type(model) not in CONTAINERS:
        return f"{type(model).__name__} is a model with code of its own"
    for layer in layers_of(model):
        if type(layer) not in STACKABLE_LAYERS and type(layer) not in CONTAINERS:
            return f"the layer {layer.name!r} is a {type(layer).__name__}, which is not stacked"
        if layer.compute_dtype != "float32" or layer.variable_dtype != "float32":
            return f"the layer {layer.name!r} computes in {layer.compute_dtype}, not in float32"
        for name in (
            "activation",
            *(name for name in vars(layer) if name.endswith("_regularizer")),
        ):
            function = getattr(layer, name, None)
            if isinstance(function, keras.layers.Layer):
                return f"the {name} of the layer {layer.name!r} is a layer within a layer"
            if function is not None and not _is_of_keras(function):
                return f"the {name} of the layer {layer.name!r} is a function of your own"
            if getattr(function, "__name__", None) in NOT_VECTORIZED:
                return f"the {name} of the layer {layer.name!r} is {function.__name__}"
        if getattr(layer, "data_format", "channels_last") != "channels_last":
            return f"the layer {layer.name!r} has data_format={layer.data_format!r}"
        if getattr(layer, "groups", 1) != 1 and not isinstance(layer, GROUPED):
            return f"the layer {layer.name!r} has groups={layer.groups}"
        if getattr(layer, "mask_zero", False):
            return f"the layer {layer.name!r} hands on a mask of the samples"
        axes = getattr(layer, "axis", None)
        if axes is not None and is_along_samples(axes, layer.output.shape):
            return f"the layer {layer.name!r} looks along axis 0, which is that of the rows"
    for variable in model.trainable_variables:
        if variable.constraint is not None:
            return f"{variable.path} has a constraint, which looks at more than one weight"
    return None


def _reason_against_optimizer(model, optimizer):
    """Return why an optimizer cannot be stacked with this model, or None.

    The gradient of an Embedding comes word by word, a word that stands twice comes twice; only a
    step that is linear in the gradient is the same for the sum.
    """
    linear = type(optimizer) is keras.optimizers.SGD and not optimizer.clipvalue
    if any(isinstance(layer, keras.layers.Embedding) for layer in layers_of(model)) and not linear:
        name = type(optimizer).__name__
        return f"it has an Embedding, whose gradient Keras hands to {name} word by word"
    return reason_against_optimizer(optimizer)


def _reason_against_loss(model):
    given = one_loss(model.loss)
    if isinstance(given, (list, tuple, dict)):
        return "it has more than one loss"
    try:
        loss = keras.losses.get(given)
    except ValueError:
        return f"its loss {given!r} is chosen by Keras only when it sees the data"
    if not _is_of_keras(loss):
        return "its loss is a function of your own"
    if loss_name(loss) in NOT_BY_SAMPLE:
        return f"its loss {loss_name(loss)} is not a mean of losses that look at one row each"
    if getattr(loss, "ignore_class", None) is not None:
        return f"its loss ignores the class {loss.ignore_class}, so its mean is over fewer rows"
    if getattr(loss, "reduction", MEAN_REDUCTIONS[0]) not in MEAN_REDUCTIONS:
        return f"its loss is reduced by {loss.reduction!r}, not by a mean"
    if (model.get_compile_config() or {}).get("loss_weights") is not None:
        return "its loss is weighted"
    return None


def _reason_against_metrics(model):
    for metric in compiled_metrics(model).values():
        function = function_of(metric)
        if not _is_of_keras(metric) or function is None:
            return f"the metric {metric.name!r} is not a mean over rows"
        if not _is_of_keras(function):
            return f"the metric {metric.name!r} is a function of your own"
        along_samples = is_along_samples(settings_of(metric).get("axis"), model.output_shape)
        if getattr(function, "__name__", None) in NOT_BY_SAMPLE or along_samples:
            return f"the metric {metric.name!r} is not a mean over rows"
    return None


def is_along_samples(axes, shape):
    """Whether an axis, or one of several, is axis 0, which is that of the rows."""
    return axes is not None and any(axis % len(shape) == 0 for axis in np.atleast_1d(axes))


def compiled_metrics(model):
    """Return {name: metric} of ``compile``; none before Keras has made them."""
    compiled = next((metric for metric in model.metrics if hasattr(metric, "metrics")), None)
    if compiled is None or not compiled.built:
        return {}
    return dict(zip(compiled.result(), compiled.metrics, strict=True))


def _with_settings(metric):
    return lambda y_true, y_pred: function_of(metric)(y_true, y_pred, **settings_of(metric))


def _is_of_keras(thing):
    module = getattr(thing, "__module__", None) or type(thing).__module__
    return module.split(".")[0] == "keras"
