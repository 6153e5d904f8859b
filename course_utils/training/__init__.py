"""The engine of the sweeps: K Keras models that train as one.

K copies of a model have the same layers and differ in their numbers only. So give every variable
a leading axis K, and one pass computes all K outputs, losses and gradients. Keras's own optimizer
moves the stacked variables, each copy at its own learning rate, and the whole of training is one
compiled loop. Every copy equals the plain Keras run with the same weights and batch order; what
cannot be stacked trains one model after the other, with the same result.

Rooms, from the ground up: `batches` (which rows when), `job` (what to train), `optimizer` (K
rates), `support` (what can be stacked), `program` (the compiled loop), `cache` (its re-use), `part`
(runs that step together), `loop` (plain Keras), `training` (both engines behind one door).
"""

from course_utils.training.batches import batch_order, ordered_batches
from course_utils.training.job import Job, Trained
from course_utils.training.training import train

__all__ = ["Job", "Trained", "batch_order", "ordered_batches", "train"]
