"""The parts of the glass house: a trace as a picture, the way of an item, a visitor as they are known."""
