"""The certification document: the form a carrier hands in, made from a run and a TOML file."""
