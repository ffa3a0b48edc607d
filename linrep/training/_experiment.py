"""What is trained: an encoder, where its positive pairs come from, the loss, and the settings of Adam."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import equinox as eqx
import jax
import optax

from linrep._checks import positive_int, require


@dataclass(frozen=True)
class Adam:
    """Adam with a constant step, and weight decay as L2 in the gradient or decoupled from it.

    Args:
        learning_rate: size of a step.
        weight_decay: factor of the parameters, at least 0.
        decoupled: True for AdamW; False adds the decay to the gradient before Adam scales it.

    Raises:
        InputError: a step that is not positive, a negative decay, or one of them not finite.

    Source: Kingma and Ba 2015; decoupled: Loshchilov and Hutter 2019.

    >>> Adam(1e-3, weight_decay=1e-3).decoupled
    False
    """

    learning_rate: float
    weight_decay: float = 0.0
    decoupled: bool = False

    def __post_init__(self) -> None:
        require(
            0 < self.learning_rate < math.inf and 0 <= self.weight_decay < math.inf,
            f"Adam: learning_rate is {self.learning_rate!r} and weight_decay {self.weight_decay!r}, but both must be "
            "finite, the first positive and the second at least 0; pass such numbers.",
        )

    def transform(self) -> optax.GradientTransformation:
        """The optax transformation."""
        if self.decoupled:
            return optax.adamw(self.learning_rate, weight_decay=self.weight_decay)
        return optax.chain(optax.add_decayed_weights(self.weight_decay), optax.adam(self.learning_rate))


@dataclass(frozen=True)
class Experiment:
    """All that a run needs besides seeds and a number of steps.

    Args:
        name: under which checkpoints recognise the run; say the settings in it.
        encoder: key -> network (float32), which maps a stack of views to a stack of representations.
        data: key -> arrays of one seed, drawn once (a training set, labels, an empty tuple).
        pairs: (data, key, batch) -> two stacks of views, drawn inside the compiled step.
        loss: (first, second representations) -> scalar.
        measure: (network, data) -> named numbers of one row of the trajectory, computed outside the compiled step.
        adam: the optimiser.
        batch: pairs in a step.

    Raises:
        InputError: an empty batch.

    Source: ours.

    >>> import jax.numpy as jnp
    >>> from linrep import networks
    >>> from linrep.training import in_batch_spectral
    >>> noise = lambda data, key, size: tuple(jax.random.normal(key, (2, size, 3), jnp.float32))
    >>> Experiment(
    ...     "noise", lambda key: networks.Dense(3, 2, bias=False, key=key), lambda key: (), noise, in_batch_spectral,
    ...     measure=lambda network, data: {}, adam=Adam(1e-3), batch=8,
    ... ).batch
    8
    """

    name: str
    encoder: Callable[[jax.Array], eqx.Module]
    data: Callable[[jax.Array], Any]
    pairs: Callable[[Any, jax.Array, int], tuple[jax.Array, jax.Array]]
    loss: Callable[[jax.Array, jax.Array], jax.Array]
    measure: Callable[[Any, Any], Mapping[str, float]]
    adam: Adam
    batch: int

    def __post_init__(self) -> None:
        positive_int(self.batch, owner="Experiment", name="batch")
