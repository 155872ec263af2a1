"""The port of the Open Inference Protocol over gRPC, where there is one."""

import socket

from fastapi import APIRouter, FastAPI

from winnow.schema.errors import SettingsError
from winnow.serving.access.keys import Keys
from winnow.serving.inference.inference_model import InferenceModel
from winnow.serving.meters.request_record import RequestRecord
from winnow.serving.settings.settings import Settings


def add_inference_port(
    app: FastAPI, model: InferenceModel, keys: Keys, record: RequestRecord, settings: Settings
) -> None:
    """Opens the port, if there is one, as long as the application lives.

    The processes of a service share it: the kernel gives each connection to one of them.

    Raises:
        SettingsError: the address is taken by another program, or is not of this machine.
    """
    if not settings.grpc_port:
        return
    # An extra: whoever speaks HTTP needs no gRPC.
    from winnow.serving.inference.inference_grpc import InferenceService, serving_grpc  # noqa: PLC0415

    _check_free(settings)
    service = InferenceService(model=model, keys=keys, record=record)
    # A router without routes adds its life to that of the application.
    app.include_router(APIRouter(lifespan=lambda _: serving_grpc(service, settings)))


def _check_free(settings: Settings) -> None:
    # Now, and not when the event loop runs, where an error would be a traceback.
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        try:
            probe.bind((settings.host, settings.grpc_port))
        except OSError as error:
            raise SettingsError(
                f"Cannot listen on {settings.host}, port {settings.grpc_port}, for gRPC: {error.strerror or error}. "
                "Choose another with WINNOW_HOST and WINNOW_GRPC_PORT."
            ) from error
