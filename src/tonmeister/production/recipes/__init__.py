"""Recipes: each role's work as a pure step of the build, bytes in and bytes out."""
