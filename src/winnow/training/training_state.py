"""All that a step of training changes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

WEIGHT, MOMENT, TORCH = "weight", "adam", "torch"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingState:
    """Weights, what Adam remembers of their gradients, and both sources of randomness.

    Attributes:
        weights: by name.
        optimizer: Adam, or one of its kin, of these weights.
        generator: of all randomness that is not torch's.
    """

    weights: Mapping[str, nn.Parameter]
    optimizer: torch.optim.Optimizer
    generator: np.random.Generator

    def tensors(self) -> dict[str, Tensor]:
        """Everything but the generator, by name; what is given back shares memory with the state."""
        remembered = {
            f"{MOMENT}/{kind}/{name}": value
            for name, weight in self.weights.items()
            for kind, value in self.optimizer.state[weight].items()
        }
        held = {f"{WEIGHT}/{name}": weight.detach() for name, weight in self.weights.items()}
        return {**held, **remembered, TORCH: torch.get_rng_state()}

    def notes(self) -> dict[str, Any]:
        """The generator, as JSON can hold it."""
        return {"generator": json.loads(json.dumps(self.generator.bit_generator.state))}

    def restore(self, tensors: Mapping[str, Tensor], notes: Mapping[str, Any]) -> None:
        """Goes back to where `tensors` and `notes` were taken.

        Raises:
            KeyError, ValueError: they are not of such weights; nothing was changed then.
        """
        held = {name: tensors[f"{WEIGHT}/{name}"] for name in self.weights}
        if wrong := [name for name, weight in self.weights.items() if weight.shape != held[name].shape]:
            raise ValueError(f"The weight {wrong[0]} has another shape.")
        remembered = [(key.split("/", 2), value) for key, value in tensors.items() if key.startswith(f"{MOMENT}/")]
        moments = [(self.weights[name], kind, value) for (_, kind, name), value in remembered]
        self.generator.bit_generator.state = notes["generator"]
        torch.set_rng_state(tensors[TORCH])
        with torch.no_grad():
            for name, weight in self.weights.items():
                weight.copy_(held[name])
        for weight, kind, value in moments:
            self.optimizer.state[weight][kind] = value

    def step(self, loss: Tensor, learning_rate: float) -> None:
        """One step down the gradient of the loss."""
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
