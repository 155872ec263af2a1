"""What an exported model leaves in its part: training writes these files, the engine opens them."""

MODEL_FILE = "model.onnx"
INPUTS_FILE = "inputs.json"
WEIGHTS_FILE = "weights.safetensors"

REQUEST, UNPADDED = "request", "unpadded"
"""Groups of inputs that `INPUTS_FILE` names: a model with the first answers one request, and takes arrays [1, ...];
those of the second are [1, L, ...] of L that are there, which may be none."""
PRESENT = "history_present"
"""Input that tells which of a history are there, 1 or 0."""
