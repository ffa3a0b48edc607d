"""The environment of every test and doctest, set before JAX starts its thread pool."""

import os

# XLA sizes its pool from this; a fixed size makes small machines behave like large ones.
os.environ.setdefault("NPROC", "4")
os.environ.setdefault("MPLBACKEND", "Agg")

import jax

# In the configuration and not in the environment: a command line started by a test has to switch this on by itself.
jax.config.update("jax_enable_x64", True)
