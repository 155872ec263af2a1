"""The model of the Open Inference Protocol: the request path, as tensors see it."""

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from itertools import chain

import numpy as np

from winnow.api.inference import MODEL, ModelMetadata, RequestedOutput, ServerMetadata, TensorMetadata
from winnow.api.recommendations import RecommendationRequest
from winnow.engine.engine import Engine
from winnow.pipeline.recommendations import Recommendations
from winnow.pipeline.requests import Requests
from winnow.serving.engines.live_engine import LiveEngine
from winnow.serving.errors import ApiError
from winnow.serving.event_log.served_list import ServedList
from winnow.serving.event_log.served_log import ServedLog
from winnow.serving.inference.inference_inputs import asked_rows, input_datatypes
from winnow.serving.inference.inference_outputs import OUTPUTS, answered_tensors, wanted_outputs
from winnow.serving.inference.inference_requests import inference_requests
from winnow.serving.inference.inference_tensor import Tensor
from winnow.serving.meters.metrics import Metrics

SLICE = 8
"""Requests that one run of the pipeline answers: others wait that long at most, and more together gain little."""
SERVER: ServerMetadata = {
    "name": "winnow",
    "version": version("winnow-recsys"),
    "extensions": ["binary_tensor_data"],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Inferred:
    """What the model gives.

    Attributes:
        bundle: that answered; its version in the protocol.
        parameters: beside the tensors.
        outputs: those that were wanted.
    """

    bundle: str
    parameters: Mapping[str, str]
    outputs: Sequence[Tensor]


@dataclass(frozen=True, slots=True, kw_only=True)
class InferenceModel:
    """Answers B requests, some at a time, by one engine.

    Attributes:
        live, metrics: of the service.
        served: told of every answer; None where there is no event log.
    """

    live: LiveEngine
    metrics: Metrics
    served: ServedLog | None = None

    def engine(self, version: str) -> Engine:
        """The engine that answers now. Raises ApiError, 404, unless it is of this version."""
        engine = self.live.current
        if version not in ("", engine.name):
            sentence = f"The model {MODEL} has no version '{version[:60]}'; the bundle that answers is '{engine.name}'."
            raise ApiError(404, "not_found", sentence)
        return engine

    def metadata(self, version: str) -> ModelMetadata:
        """What the model takes and gives. Raises as `engine` does."""
        engine = self.engine(version)
        return {
            "name": MODEL,
            "versions": [engine.name],
            "platform": "winnow",
            "inputs": [_described(name, datatypes[0], [-1, 1]) for name, datatypes in input_datatypes(engine).items()],
            "outputs": [_described(name, datatype, [-1] * rank) for name, (datatype, rank) in OUTPUTS.items()],
        }

    async def infer(
        self, version: str, inputs: Sequence[Tensor], outputs: Sequence[RequestedOutput], request_id: str
    ) -> Inferred:
        """Items for each request.

        Args:
            version: as `engine` takes it.
            inputs: what is asked.
            outputs: those wanted; all where it is empty.
            request_id: of the whole call.

        Raises:
            ApiError: an input, an output or a value is not what is wanted, or there is no such version.
            RequestError: a context column holds a value of the wrong kind.
            Unavailable: a store that cannot be done without does not answer.
        """
        engine, now = self.engine(version), time.time()
        wanted = wanted_outputs(outputs)
        rows = asked_rows(engine, inputs)
        answers: list[Recommendations] = []
        for some in _slices(inference_requests(engine, rows, request_id, now)):
            answers.append(engine.pipeline(some))
            self.metrics.answered(engine, answers[-1])
            await asyncio.sleep(0)  # whoever waits is next
        self._tell(engine, answers, rows, now)
        tensors = answered_tensors(engine.catalogue, answers)
        degraded = dict.fromkeys(chain.from_iterable(each.trace.degraded for each in answers))
        return Inferred(
            bundle=engine.name,
            parameters={"request_id": request_id, "degraded": ",".join(degraded)},
            outputs=[tensors[name] for name in wanted],
        )

    def _tell(
        self, engine: Engine, answers: Sequence[Recommendations], rows: Sequence[RecommendationRequest], now: float
    ) -> None:
        if self.served is not None:
            lists = (answer.alone(place) for answer in answers for place in range(len(answer.request_ids)))
            for each, asked in zip(lists, rows, strict=True):
                self.served.tell(ServedList.of(engine, each, asked, 0, now))


def _slices(requests: Requests) -> Iterator[Requests]:
    for start in range(0, len(requests), SLICE):
        yield requests.take(np.arange(start, min(start + SLICE, len(requests))))


def _described(name: str, datatype: str, shape: list[int]) -> TensorMetadata:
    return {"name": name, "datatype": datatype, "shape": shape}
