"""Settings for all tests."""

from hypothesis import settings

# A busy machine is no fault of the code: no time limit for single examples.
settings.register_profile("house", deadline=None)
settings.load_profile("house")
