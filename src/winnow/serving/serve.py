"""The service as a process."""

import gc
from collections.abc import Callable
from contextlib import suppress

from winnow.engine.engine import Engine
from winnow.serving.app import create_app
from winnow.serving.door.server_of import server_of
from winnow.serving.engines.bundle_shelf import BundleShelf
from winnow.serving.meters.log_lines import open_log
from winnow.serving.process.listening import BACKLOG, listening_socket, url_of
from winnow.serving.settings.settings import Settings


def serve(
    engine: Engine, settings: Settings, announce: Callable[[str], None], shelf: BundleShelf | None = None
) -> None:
    """Answers until SIGINT or SIGTERM; requests in flight are finished first.

    Args:
        engine: answers.
        settings: where to listen, and to whom.
        announce: told the address, with the port that was taken, once callers are let in.
        shelf: where further bundles come from; None where there are none.

    Raises:
        SettingsError: the address is taken, or is not of this machine; or the state folder cannot be used.
        DataError: the changes in the state folder are damaged, or do not fit the bundle.
        EncoderError: the vectors in the state folder are damaged.
    """
    open_log(settings)
    with listening_socket(settings) as listening:
        server = server_of(create_app(engine, settings, shelf))
        listening.listen(BACKLOG)
        announce(url_of(listening))
        # The catalogue and the models live as long as the process: walking through them would cost 100 ms now and then.
        gc.collect()
        gc.freeze()
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listening])
