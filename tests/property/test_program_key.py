"""Models share a compiled program if, and only if, they are the same function of their weights."""

from functools import partial

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from course_utils import lr_range_test
from course_utils.runs import run_status
from course_utils.sweeps import sweep
from course_utils.training import cache
from course_utils.training.keras_setup import keras
from course_utils.training.program import Program

layers = keras.layers
WIDTH = 3
X = np.random.default_rng(0).normal(size=(5, WIDTH)).astype(np.float32)
# Names of activations, types and references, which also stand elsewhere in a configuration.
NAMES = ["relu", "tanh", "linear", "sigmoid", "float32", "keras", "Dense", "layers", "a", "b"]
ACTIVATIONS = ["relu", "tanh", "linear", "sigmoid"]
FEW = settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.generate])


@st.composite
def architectures(draw):
    """A body of dense layers of one width: each an activation and the layer that it looks at.

    The last one may be an earlier layer once more, and all of it a model within a model.
    """
    depth = draw(st.integers(1, 3))
    body = [
        (draw(st.sampled_from(ACTIVATIONS)), draw(st.integers(0, place))) for place in range(depth)
    ]
    return {
        "body": tuple(body),
        "again": draw(st.none() | st.integers(0, depth - 1)),
        "nested": draw(st.booleans()),
        "batch_axis": draw(st.booleans()),
    }


names = st.permutations(NAMES)


def build(architecture, names):
    """Return the compiled model; its initial weights are those of a seed, and none is zero."""
    names = iter(names)
    inputs = keras.Input((WIDTH,), name=next(names))
    nodes, dense = [inputs], []
    for number, (activation, source) in enumerate(architecture["body"]):
        start = keras.initializers.RandomNormal(seed=number)
        dense.append(layers.Dense(WIDTH, activation, name=next(names), bias_initializer=start))
        nodes.append(dense[-1](nodes[source]))
    if architecture["again"] is not None:
        nodes.append(dense[architecture["again"]](nodes[-1]))
    outputs = layers.Softmax(axis=0 if architecture["batch_axis"] else -1, name=next(names))(
        nodes[-1]
    )
    model = keras.Model(inputs, outputs, name=next(names))
    if architecture["nested"]:
        outer = keras.Input((WIDTH,), name=next(names))
        model = keras.Model(outer, model(outer), name=next(names))
    model.compile("sgd", "mse")
    return model


def key_and_outputs(architecture, names):
    model = build(architecture, names)
    random = np.random.default_rng(1)
    model.set_weights([random.normal(size=weight.shape) for weight in model.get_weights()])
    return cache.program_key(model, [(model.optimizer, 2)], 8), np.asarray(model(X))


@FEW
@given(st.lists(st.tuples(architectures(), names), min_size=2, max_size=4))
def test_equal_keys_are_equal_functions(drawn):
    known = {}
    for architecture, chosen in drawn:
        key, outputs = key_and_outputs(architecture, chosen)
        np.testing.assert_array_equal(known.setdefault(key, outputs), outputs)


@FEW
@given(architectures(), st.integers(0, 2), st.sampled_from(ACTIVATIONS), names)
def test_another_activation_is_another_key(architecture, place, activation, chosen):
    """Under the same names, and under a name that is the activation's own."""
    body = list(architecture["body"])
    place %= len(body)
    body[place] = (activation, body[place][1])
    other = architecture | {"body": tuple(body)}
    own_name = [activation if i == place + 1 else f"n{i}" for i in range(9)]
    (first, outputs), *others = [
        key_and_outputs(*case)
        for case in [(architecture, chosen), (other, chosen), (other, own_name)]
    ]
    for key, of_other in others:
        assert key != first or np.array_equal(of_other, outputs)
    assert others[0][0] == others[1][0]


@FEW
@given(architectures(), names, names)
def test_names_do_not_matter(architecture, some, others):
    assert key_and_outputs(architecture, some)[0] == key_and_outputs(architecture, others)[0]


def test_two_layers_are_not_one_layer_twice():
    """The configuration of a model within a model does not say that a layer is shared."""

    def key(shared):
        inputs, inner = keras.Input((3,)), keras.Input((3,))
        dense = [layers.Dense(3), layers.Dense(3), layers.Dense(3)]
        one, two = (0, 1) if shared == "first" else (1, 0)
        within = keras.Model(inner, dense[1](dense[0](inner)))
        outputs = dense[two](dense[one](within(inputs)))
        model = keras.Model(inputs, outputs)
        model.compile("sgd", "mse")
        return cache.program_key(model, [(model.optimizer, 2)], 8)

    assert key("first") == key("first")
    assert key("first") != key("second")


def named_after_its_activation(activation):
    model = keras.Sequential(
        [
            keras.Input((WIDTH,)),
            layers.Dense(8, activation, name=activation),
            layers.Dense(1, "sigmoid"),
        ]
    )
    model.compile("sgd", "binary_crossentropy")
    return model


@pytest.fixture
def _without_xla(monkeypatch):
    monkeypatch.setattr(Program, "jit_compile", False)
    cache.clear()
    yield
    cache.clear()


@pytest.mark.usefixtures("_without_xla")
def test_a_layer_named_after_its_activation_keeps_it():
    x = np.random.default_rng(2).normal(size=(20, WIDTH)).astype(np.float32)
    y = (x[:, 0] > 0).astype(int)
    for activation in ("relu", "tanh"):
        build_model = partial(named_after_its_activation, activation)
        data = {"x": x, "y": y, "epochs": 3, "seeds": [1], "progress": False}
        stacked, loop = (
            run_status(sweep(build_model, [0.1], engine=engine, **data))["loss"]
            for engine in ("stacked", "loop")
        )
        np.testing.assert_allclose(stacked, loop, rtol=1e-5)


def test_range_test_of_a_layer_named_after_its_activation():
    x = np.random.default_rng(2).normal(size=(40, WIDTH)).astype(np.float32)
    y = (x[:, 0] > 0).astype(int)
    settings = {"seeds": [1, 2], "steps": 10, "batch_size": 8, "progress": False}
    for activation in ("relu", "tanh"):
        build_model = partial(named_after_its_activation, activation)
        stacked, loop = (
            lr_range_test(build_model, x, y, engine=engine, **settings).losses
            for engine in ("stacked", "loop")
        )
        np.testing.assert_allclose(stacked, loop, rtol=1e-4)
