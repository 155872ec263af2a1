"""A service in a process of its own, and a client of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from winnow.api.client import Client
from winnow.ops.load.service_process import service_process

BYTES_OF_MB = 1e6


@contextmanager
def service(bundle: Path, key: str = "", **settings: str) -> Iterator[Client]:
    """A client of a service that is ready, on a free port; the service ends with the block."""
    with service_url(bundle, key, **settings) as url:
        client = Client(url, key)
        yield client
        client.close()


@contextmanager
def service_url(bundle: Path, key: str = "", **settings: str) -> Iterator[str]:
    """The address of such a service."""
    with service_process(bundle, key, **settings) as process:
        yield process.url


def children(pid: int) -> list[int]:
    """Processes that a process of Linux has started itself."""
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()]


def resident_mb(pid: int) -> tuple[float, float]:
    """Resident memory of a process of Linux, and the part of it that is no file of the disk, 10^6 bytes."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    told = dict(line.split(":", 1) for line in lines)
    rss, anonymous = (int(told[name].split()[0]) * 1024 / BYTES_OF_MB for name in ("VmRSS", "RssAnon"))
    return rss, anonymous
