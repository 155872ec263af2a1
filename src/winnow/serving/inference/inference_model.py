"""The model of the Open Inference Protocol: the request path, as tensors see it."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from itertools import chain

from fastapi import Request

from winnow.api.inference import MODEL, ModelMetadata, RequestedOutput, ServerMetadata, TensorMetadata
from winnow.engine.engine import Engine
from winnow.pipeline.recommendations import Recommendations
from winnow.serving.engines.lineup import Lineup
from winnow.serving.engines.live_engine import LiveEngine
from winnow.serving.engines.shadow import Shadow
from winnow.serving.engines.shadowed import Shadowed
from winnow.serving.errors import ApiError
from winnow.serving.event_log.served_list import ServedList
from winnow.serving.event_log.served_log import ServedLog
from winnow.serving.inference.inference_inputs import asked_rows, input_datatypes
from winnow.serving.inference.inference_outputs import OUTPUTS, answered_tensors, wanted_outputs
from winnow.serving.inference.inference_requests import inference_requests
from winnow.serving.inference.inference_row import inference_rows
from winnow.serving.inference.inference_run import InferenceRun, inference_runs
from winnow.serving.inference.inference_tensor import Tensor
from winnow.serving.meters.metrics import Metrics
from winnow.serving.meters.run_trace import RunTrace
from winnow.serving.routes.budget import Budget

SERVER: ServerMetadata = {
    "name": "winnow",
    "version": version("winnow-recsys"),
    "extensions": ["binary_tensor_data"],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Inferred:
    """What the model gives.

    Attributes:
        bundle: that answered; its version in the protocol. Where several did, the one that serves.
        parameters: beside the tensors.
        outputs: those that were wanted.
    """

    bundle: str
    parameters: Mapping[str, str]
    outputs: Sequence[Tensor]


@dataclass(frozen=True, slots=True, kw_only=True)
class InferenceModel:
    """Answers B requests, some at a time, each by the engine that answers its visitor.

    Attributes:
        live, metrics, shadow: of the service.
        budget: of time, for each request.
        served: told of every answer; None where there is no event log.
    """

    live: LiveEngine
    metrics: Metrics
    shadow: Shadow
    budget: Budget
    served: ServedLog | None = None

    @property
    def versions(self) -> list[str]:
        """The bundles that answer, the one that serves first."""
        return [each.name for each in self.live.lineup.answering]

    def check(self, version: str) -> None:
        """Raises ApiError, 404, unless a bundle of this version answers; "" for any."""
        _of_version(self.live.lineup, version)

    def metadata(self, version: str) -> ModelMetadata:
        """What the model takes and gives; of no version in particular, the bundle that serves. Raises as `check`."""
        lineup = self.live.lineup
        engine = _of_version(lineup, version) or lineup.serving.engine
        return {
            "name": MODEL,
            "versions": [each.name for each in lineup.answering],
            "platform": "winnow",
            "inputs": [_described(name, datatypes[0], [-1, 1]) for name, datatypes in input_datatypes(engine).items()],
            "outputs": [_described(name, datatype, [-1] * rank) for name, (datatype, rank) in OUTPUTS.items()],
        }

    async def infer(
        self, version: str, inputs: Sequence[Tensor], outputs: Sequence[RequestedOutput], request: Request
    ) -> Inferred:
        """Items for each request.

        Args:
            version: the bundle that is to answer; "" for the one that answers the visitor of each request.
            inputs: what is asked.
            outputs: those wanted; all where it is empty.
            request: the call as HTTP has it, named, and from a server of ours with the instant when it was whole.

        Raises:
            ApiError: an input, an output or a value is not what is wanted, or there is no such version.
            RequestError: a context column holds a value of the wrong kind.
            Unavailable: a store that cannot be done without does not answer.
        """
        lineup, now = self.live.lineup, time.time()  # once: items and bundles may change meanwhile
        request_id: str = request.state.request_id
        named, wanted = _of_version(lineup, version), wanted_outputs(outputs)
        rows = inference_rows(asked_rows(named or lineup.serving.engine, inputs), request_id, now)
        runs = inference_runs(rows, lambda row: named or lineup.engine_for(row.visitor or row.name))
        answers: list[Recommendations] = []
        deadlines = self.budget.deadlines(request, [None] * len(rows))
        request.state.runs = []
        for run in runs:
            # What runs together has the time of all of it.
            deadline = deadlines[sum(len(each.request_ids) for each in answers) + len(run.rows) - 1]
            answers.append(run.engine.pipeline(replace(run.requests, deadline=deadline)))
            request.state.runs.append(RunTrace.of(run.engine, answers[-1].trace))
            self._tell(lineup, run, answers[-1], now)
            await asyncio.sleep(0)  # whoever waits is next
        tensors = answered_tensors([run.engine.catalogue for run in runs], answers)
        return Inferred(
            bundle=runs[0].engine.name if len(_bundles(runs)) == 1 else lineup.serving.engine.name,
            parameters=_parameters(request_id, runs, answers),
            outputs=[tensors[name] for name in wanted],
        )

    def _tell(self, lineup: Lineup, run: InferenceRun, answer: Recommendations, now: float) -> None:
        self.metrics.answered(run.engine, answer)
        if lineup.shadow is not None:

            def ask(other: Engine) -> Recommendations:
                return other.pipeline(inference_requests(other, run.rows))

            self.shadow.tell(Shadowed(candidate=lineup.shadow, engine=run.engine, answer=answer, ask=ask))
        if self.served is not None:
            for place, row in enumerate(run.rows):
                self.served.tell(ServedList.of(run.engine, answer.alone(place), row.asked, 0, now))


def _of_version(lineup: Lineup, version: str) -> Engine | None:
    """The engine of a version; None where none is named. Raises ApiError, 404, where it answers nobody."""
    if not version:
        return None
    for engine in lineup.answering:
        if engine.name == version:
            return engine
    names = "' or '".join(each.name for each in lineup.answering)
    sentence = f"The model {MODEL} has no version '{version[:60]}'; the bundle that answers is '{names}'."
    raise ApiError(404, "not_found", sentence)


def _bundles(runs: Sequence[InferenceRun]) -> set[str]:
    return {run.engine.name for run in runs}


def _parameters(request_id: str, runs: Sequence[InferenceRun], answers: Sequence[Recommendations]) -> Mapping[str, str]:
    degraded = dict.fromkeys(chain.from_iterable(each.trace.degraded for each in answers))
    told = {"request_id": request_id, "degraded": ",".join(degraded)}
    if len(_bundles(runs)) == 1:
        return told
    return {**told, "bundles": ",".join(run.engine.name for run in runs for _ in run.rows)}


def _described(name: str, datatype: str, shape: list[int]) -> TensorMetadata:
    return {"name": name, "datatype": datatype, "shape": shape}
