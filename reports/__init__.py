"""Results in, documents out: the results.json model and everything rendered from it."""
