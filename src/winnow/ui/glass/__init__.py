"""The parts of the glass house: a trace as rows and as a picture, the way of an item, and a visitor as they are known."""
