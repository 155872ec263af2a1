"""Callers who mean no good, in a process of their own: `python -m benchmarks.besiegers HOST PORT CONNECTIONS`.

Prints "ready" once all connections are open, and goes on until it is ended.
"""

import asyncio
import resource
import sys
from collections.abc import Awaitable, Callable
from itertools import cycle

HEAD = b"POST /v1/recommendations HTTP/1.1\r\nHost: besieged\r\nContent-Length: %d\r\n"
DEEP = b"[" * 500_000
LARGE_BYTES = 100 << 20
PIECE = b" " * (1 << 20)
DRIP_S = 2.0

Writers = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def besiege(host: str, port: int, connections: int) -> None:
    """Holds so many slow connections open, and sends what is large and what is deep, over and over."""
    kinds = cycle([_slow_head, _half_body])
    gate = asyncio.Semaphore(200)
    opened = [asyncio.ensure_future(_held(host, port, next(kinds), gate)) for _ in range(connections)]
    while sum(each.get_name() == "open" for each in opened) < connections:
        await asyncio.sleep(0.05)
    busy = [asyncio.ensure_future(_over_and_over(host, port, each)) for each in (_large_body, _deep_body)]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.gather(*opened, *busy)


async def _held(host: str, port: int, kind: Callable[..., Awaitable[None]], gate: asyncio.Semaphore) -> None:
    task = asyncio.current_task()
    while True:
        try:
            async with gate:
                _, writer = await asyncio.open_connection(host, port)
            if task is not None:
                task.set_name("open")
            await kind(writer)
        except OSError:  # thrown out: comes again
            await asyncio.sleep(0.1)


async def _slow_head(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD % 2)
    while True:
        await asyncio.sleep(DRIP_S)
        writer.write(b"X-More: and more\r\n")
        await writer.drain()


async def _half_body(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD % 1_000_000 + b'\r\n{"user_id": "')
    while True:
        await asyncio.sleep(DRIP_S)
        writer.write(b"x" * 100)
        await writer.drain()


async def _over_and_over(host: str, port: int, kind: Callable[[asyncio.StreamWriter], Awaitable[None]]) -> None:
    while True:
        try:
            reader, writer = await asyncio.open_connection(host, port)
            await kind(writer)
            await reader.read(1000)
            writer.close()
        except OSError:  # refused in the middle, as it should be
            await asyncio.sleep(0.01)


async def _large_body(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD % LARGE_BYTES + b"\r\n")
    for _ in range(LARGE_BYTES // len(PIECE)):
        writer.write(PIECE)
        await writer.drain()


async def _deep_body(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD % len(DEEP) + b"\r\n" + DEEP)
    await writer.drain()


if __name__ == "__main__":
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(besiege(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
