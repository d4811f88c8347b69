"""``python -m tonmeister.faces.cli``."""

from __future__ import annotations

from tonmeister.faces.cli import main

main()
