"""Where rows come from: importers, validation, splits and the simulator. Everything leaves as a Dataset."""
