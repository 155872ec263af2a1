"""Opens networks with ONNX Runtime."""

from pathlib import Path

import onnxruntime
from onnxruntime.capi import (
    onnxruntime_pybind11_state as state,  # pyright: ignore[reportAttributeAccessIssue] - compiled, and told to no checker
)

from winnow.bundle.model_files import MODEL_FILE
from winnow.schema.errors import BundleError

CANNOT_READ = (
    state.Fail,
    state.InvalidArgument,
    state.InvalidGraph,
    state.InvalidProtobuf,
    state.NoSuchFile,
    state.NotImplemented,
)
"""What ONNX Runtime raises for a model that is damaged, absent or newer than itself; they share no base."""


def onnx_session(folder: Path, *, keep_memory: bool = True) -> onnxruntime.InferenceSession:
    """A session on one thread; more requests at once are the business of more processes.

    Args:
        folder: with the model's file.
        keep_memory: of a run for the next one, which a model wants that answers requests; a large one that runs now and
            then gives it back.

    Raises:
        BundleError: ONNX Runtime cannot read the model.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = keep_memory
    try:
        return onnxruntime.InferenceSession(folder / MODEL_FILE, options, providers=["CPUExecutionProvider"])
    except CANNOT_READ as error:
        said = " ".join(str(error).split()).rstrip(".")
        raise BundleError(
            f"The model in {folder} cannot be opened by ONNX Runtime {onnxruntime.__version__}, which says: {said}. "
            "It is damaged or needs a newer ONNX Runtime; install that, or train again."
        ) from error
