"""Partial updates as pure functions over JSON values."""
