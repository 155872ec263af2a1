"""What to do about a package that is not installed."""

EXTRAS = {
    "train": ("duckdb", "ibis", "onnx", "onnxscript", "safetensors", "scipy", "sklearn", "threadpoolctl", "torch"),
    "multimodal": ("sentence_transformers", "transformers"),
    "items": ("PIL", "tokenizers"),
    "valkey": ("valkey",),
    "feast": ("feast",),
    "grpc": ("google", "grpc"),
    "otel": ("opentelemetry",),
    "ui": ("nicegui",),
}
"""Packages, as they are imported, by the extra that brings them; where several do, by the smallest that is of use."""


def remedy(module: str) -> str:
    """The end of a sentence, such as "pip install 'winnow-recsys[train]' brings it".

    Args:
        module: what could not be imported, such as `torch.nn`; a recipe of one's own may import anything.
    """
    package = module.partition(".")[0]
    extra = next((extra for extra, packages in EXTRAS.items() if package in packages), None)
    if extra is None:
        return "it is not installed, and no extra of Winnow brings it"
    return f"pip install 'winnow-recsys[{extra}]' brings it"
