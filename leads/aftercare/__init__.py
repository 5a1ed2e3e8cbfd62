"""Investors who are here: how often they are visited, and what troubles them."""
