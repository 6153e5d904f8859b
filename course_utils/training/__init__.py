"""The engine: `fit_runs` trains K runs of one model, and everything else here serves it.

K copies of a Keras model have the same layers and differ in their numbers only. So give every
variable a leading axis K, and one pass computes all K outputs, losses and gradients. Keras's own
optimizer moves the stacked variables, each copy at its own learning rate, and the whole of training
is one compiled loop. Every copy equals the plain Keras run with the same weights and batch order;
what cannot be stacked trains one run after the other, with the same result.

Read `fit` first, then `runs` (what to train), `trainer` (the stacked engine from the host's side)
and `program` (the compiled loop). `loop` is plain Keras and `partial_fit` scikit-learn, run by run
(`record`); `workers` shares runs among processes.
"""

from course_utils.training.batches import batch_order, full_batches, ordered_batches
from course_utils.training.fit import fit_runs
from course_utils.training.runs import CannotStackError, Trained

__all__ = [
    "CannotStackError",
    "Trained",
    "batch_order",
    "fit_runs",
    "full_batches",
    "ordered_batches",
]
