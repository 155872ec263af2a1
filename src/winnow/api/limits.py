"""How much one call may ask for. The service refuses more with a sentence; see the fields that use them."""

MAX_K = 1000
MAX_EXCLUDE = 10_000
MAX_ALLOW = 10_000
MAX_SCORED = 1000
MAX_BATCH = 256
"""Requests of one batch."""
MAX_BATCH_ITEMS = 10_000
"""That all requests of a batch may want together."""
MAX_EVENTS = 1000
MAX_LISTED = 200
"""Items of one page of the catalogue."""
MAX_OFFSET = 1 << 31
MAX_QUERY_CHARS = 200
"""Of the words that are looked for in the catalogue."""
MAX_ID_CHARS = 256
MAX_CURSOR_CHARS = 2048
MAX_BUDGET_MS = 60_000
MAX_TOLD_VALUES = 100
"""Of one column of the context, where all that may be asked is told."""
MAX_SHOWN_EVENTS = 200
"""Of a visitor whose state is asked for."""
MAX_BODY_BYTES = 1 << 20
MAX_ITEM_FIELDS = 256
MAX_TEXT_CHARS = 20_000
"""Of one text of an item."""
MAX_PICTURE_BYTES = 8 << 20
"""Of the file of one picture of an item."""
MAX_PICTURE_PIXELS = 40_000_000
"""That it may unfold to."""
MAX_ITEM_BODY_BYTES = MAX_BODY_BYTES + 4 * -(-MAX_PICTURE_BYTES // 3)
"""Room for the largest picture as base64, beside all that another body may hold."""
MAX_INFERENCE_ROWS = 256
"""Requests that one call of the Open Inference Protocol may hold."""
MAX_INFERENCE_ITEMS = 32_768
"""Places that its answer may have: requests times the largest k among them."""
