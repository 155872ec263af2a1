"""Real weights from a package; whatever is not there must not be looked for in the network."""

import os

os.environ["HF_HUB_OFFLINE"] = "1"  # read when the libraries are imported, so it stands before them
