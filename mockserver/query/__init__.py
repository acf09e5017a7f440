"""The query language of TMF630 Part 1 §4 as pure functions over JSON values."""
