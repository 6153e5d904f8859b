"""Convolution as a matrix product, which can be stacked; TensorFlow's own takes one kernel only."""

import contextlib
import functools
import itertools
import math

from course_utils.training.keras_setup import keras, tf

CONVOLUTIONS = (keras.layers.Conv1D, keras.layers.Conv2D)
SEPARABLE = (keras.layers.SeparableConv1D, keras.layers.SeparableConv2D)


@contextlib.contextmanager
def as_products(layers):
    """Let the convolution layers among `layers` multiply matrices while the block runs.

    Parameters
    ----------
    layers : iterable of keras.layers.Layer
        Channels last, one group.
    """
    changed = [layer for layer in layers if type(layer) in CONVOLUTIONS + SEPARABLE]
    for layer in changed:
        layer.call = functools.partial(_call, layer)
    try:
        yield
    finally:
        for layer in changed:
            del layer.call


def _call(layer, inputs):
    if type(layer) in SEPARABLE:
        outputs = _separable(layer, inputs)
    else:
        outputs = product(layer, inputs, layer.kernel)
    if layer.use_bias:
        outputs += layer.bias
    return outputs if layer.activation is None else layer.activation(outputs)


def _separable(layer, inputs):
    """Convolve each channel by itself, which TensorFlow stacks, then mix the channels."""
    by_channel = keras.ops.depthwise_conv(
        inputs,
        layer.depthwise_kernel,
        strides=layer.strides,
        padding=layer.padding,
        dilation_rate=layer.dilation_rate,
    )
    return _times(by_channel, layer.pointwise_kernel)  # (1, …, channels, filters)


def product(layer, inputs, kernel):
    """Return the convolution of a layer, from all patches of its inputs times its kernel.

    Parameters
    ----------
    layer : keras.layers.Conv1D or Conv2D
        Its strides, dilation and padding.
    inputs : tensor of shape (n_samples, *size, channels)
    kernel : tensor of shape (*kernel_size, channels, filters)

    Returns
    -------
    tensor of shape (n_samples, *new_size, filters)
    """
    reach = _reach(layer)
    inputs = _padded(layer, inputs, reach)
    ends = [  # of the slice that holds the same corner of each patch
        (size - length) // stride * stride + 1
        for size, length, stride in zip(inputs.shape[1:-1], reach, layer.strides, strict=True)
    ]
    corners = []
    for corner in itertools.product(*map(range, layer.kernel_size)):
        starts = [at * dilation for at, dilation in zip(corner, layer.dilation_rate, strict=True)]
        slices = [
            slice(start, start + end, stride)
            for start, end, stride in zip(starts, ends, layer.strides, strict=True)
        ]
        corners.append(inputs[(slice(None), *slices, slice(None))])
    patches = tf.concat(corners, axis=-1)  # (n_samples, *new_size, kernel_size × channels)
    return _times(patches, kernel)


def _times(values, kernel):
    """Multiply the last axis of `values` by a kernel (..., filters), flattened to a matrix."""
    flat = tf.reshape(values, (-1, values.shape[-1]))
    outputs = flat @ tf.reshape(kernel, (-1, kernel.shape[-1]))
    return tf.reshape(outputs, (-1, *values.shape[1:-1], kernel.shape[-1]))


def _reach(layer):
    """Return how many cells a patch spans along each axis."""
    spans = zip(layer.kernel_size, layer.dilation_rate, strict=True)
    return [(size - 1) * dilation + 1 for size, dilation in spans]


def _padded(layer, inputs, reach):
    if layer.padding == "valid":
        return inputs
    if layer.padding == "causal":
        around = [(reach[0] - 1, 0)]
    else:
        missing = [
            max((math.ceil(size / stride) - 1) * stride + length - size, 0)
            for size, stride, length in zip(inputs.shape[1:-1], layer.strides, reach, strict=True)
        ]
        around = [(cells // 2, cells - cells // 2) for cells in missing]
    return tf.pad(inputs, [(0, 0), *around, (0, 0)])
