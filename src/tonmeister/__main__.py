"""``python -m tonmeister``."""

from __future__ import annotations

from tonmeister.faces.cli import main

if __name__ == "__main__":
    main()
