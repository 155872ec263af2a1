"""The port of the Open Inference Protocol over gRPC, where there is one."""

from contextlib import AbstractAsyncContextManager, nullcontext

from winnow.serving.inference_model import InferenceModel
from winnow.serving.keys import Keys
from winnow.serving.settings import Settings


def inference_port(model: InferenceModel, keys: Keys, settings: Settings) -> AbstractAsyncContextManager[None]:
    """Open while the block runs."""
    if not settings.grpc_port:
        return nullcontext()
    # An extra: whoever speaks HTTP needs no gRPC.
    from winnow.serving.inference_grpc import InferenceService, serving_grpc  # noqa: PLC0415

    return serving_grpc(InferenceService(model=model, keys=keys), settings)
