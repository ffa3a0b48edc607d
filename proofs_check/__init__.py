"""Verdicts with evidence: is a theorem true of a problem, how far from tight, and how do we know."""
