"""The whole of a request but for the sockets, in this process: bytes in, bytes out."""

from dataclasses import dataclass

import numpy as np
import orjson

from benchmarks.active_users import ActiveUsers
from benchmarks.measure import latencies_ms
from benchmarks.workload import ROUNDS, WARM_UP
from winnow.engine.engine import Engine
from winnow.schema.column import Array
from winnow.serving.routes.json_body import parsed, validated
from winnow.serving.routes.recommendations_route import ASKED, one_request, response_of


@dataclass(frozen=True, slots=True, kw_only=True)
class InProcess:
    """Requests of active users to one engine, one at a time.

    Attributes:
        engine: answers.
        users: ask; the engine knows what they did.
        bodies: what they send.
    """

    engine: Engine
    users: ActiveUsers
    bodies: tuple[bytes, ...]

    @staticmethod
    def of(engine: Engine, users: ActiveUsers) -> "InProcess":
        """With what they did told to the engine."""
        users.live_in(engine)
        return InProcess(engine=engine, users=users, bodies=tuple(body.encode() for body in users.bodies()))

    def answer(self, number: int) -> bytes:
        """What the service would send."""
        asked = validated(parsed(self.bodies[number % len(self.bodies)]), ASKED)
        request = one_request(self.engine, asked, str(number), self.users.at)
        return orjson.dumps(response_of(self.engine, self.engine.pipeline(request)))

    def taken_ms(self) -> Array:
        """Milliseconds of each."""
        return latencies_ms(self.answer, warm_up=WARM_UP, rounds=ROUNDS, label="in process")

    def pipeline_ms(self) -> float:
        """Median of the request path alone, from parsed requests to rows."""
        workload = self.users.workload
        taken = latencies_ms(
            lambda number: self.engine.pipeline(workload.request(number)),
            warm_up=WARM_UP,
            rounds=ROUNDS,
            label="pipeline",
        )
        return float(np.median(taken))
