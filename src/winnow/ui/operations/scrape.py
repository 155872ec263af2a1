"""What a service's `/metrics` said at one instant."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from prometheus_client.parser import text_string_to_metric_families

from winnow.schema.errors import RequestError

Labels = Mapping[str, str]
Samples = Mapping[str, tuple[tuple[Labels, float], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scrape:
    """Samples by name, such as `winnow_request_seconds_count`.

    Attributes:
        at: when it was read, seconds of any steady clock.
        samples: labels and value of each.
    """

    at: float = 0.0
    samples: Samples = field(default_factory=dict)

    @staticmethod
    def read(text: str, at: float) -> "Scrape":
        """Out of Prometheus's text.

        Raises:
            RequestError: it is something else.
        """
        found: dict[str, list[tuple[Labels, float]]] = {}
        try:
            for family in text_string_to_metric_families(text):
                for sample in family.samples:
                    found.setdefault(sample.name, []).append((sample.labels, sample.value))
        except ValueError as error:
            raise RequestError(f"The service's /metrics is not what Prometheus reads: {error}.") from error
        return Scrape(at=at, samples={name: tuple(values) for name, values in found.items()})

    def of(self, name: str, **wanted: str) -> Iterable[tuple[Labels, float]]:
        """Samples of a name that have the wanted labels; none where the service does not tell it."""
        for labels, value in self.samples.get(name, ()):
            if all(labels.get(label) == each for label, each in wanted.items()):
                yield labels, value

    def value(self, name: str, **wanted: str) -> float:
        """Their sum; 0 where there are none."""
        return sum(value for _, value in self.of(name, **wanted))

    def label(self, name: str, label: str) -> str:
        """A label of the sample of a name that is largest; empty where there is none."""
        found = [(value, labels.get(label, "")) for labels, value in self.of(name) if value > 0]
        return max(found)[1] if found else ""
