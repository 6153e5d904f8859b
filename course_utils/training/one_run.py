"""One of the K models, as a function of its weights: what stacked programs map over the runs."""

from course_utils.training.convolution import as_products
from course_utils.training.keras_setup import keras, tf
from course_utils.training.support import layers_of


def row_losses(model, loss, weights, state, x, y, training=False):
    """Run a model forwards with given values in place of its own variables.

    Parameters
    ----------
    model : keras.Model
    loss : callable
        Of targets and outputs, a number for each row.
    weights, state : list of tensors
        Values of the trainable and of the other variables.
    x, y : tensors
    training : bool

    Returns
    -------
    losses : tensor
        By row.
    added : list of tensors
        What layers add to the loss, such as weight penalties.
    outputs : tensor
    state : list of tensors
        New values of the variables that are not trained.
    """
    values = [
        *zip(model.trainable_variables, weights, strict=True),
        *zip(model.non_trainable_variables, state, strict=True),
    ]
    stateless = keras.StatelessScope(state_mapping=values, collect_losses=True)
    with as_products(layers_of(model)), stateless as scope:
        outputs = model(x, training=training)
        targets = tf.cast(y, tf.float32)
        if len(y.shape) < len(outputs.shape) and outputs.shape[-1] == 1:
            targets = targets[..., None]
        losses, added = loss(targets, outputs), list(model.losses)
    state = [scope.get_current_value(variable) for variable in model.non_trainable_variables]
    return losses, added, outputs, state
