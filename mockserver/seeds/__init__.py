"""Promotions to begin with, as a telecom would have them."""
