"""What an exported model leaves in its part: training writes these files, the engine opens them."""

MODEL_FILE = "model.onnx"
INPUTS_FILE = "inputs.json"
WEIGHTS_FILE = "weights.safetensors"
