"""Sound on arrays: buffers, filters, dynamics, space, meters, resampling. Pure functions."""
