"""Load on an existing engine: users that behave like those of a CRM, driven by Locust.

Only `generator` and `users` import Locust, for it makes the whole process cooperative when it is
imported; they run in processes of their own.
"""
