"""A player: how somebody plays, as data (``data/players/<name>.toml``)."""

from __future__ import annotations

from pydantic import Field

from tonmeister.model.sheets import Sheet


class Feel(Sheet):
    """A way of sitting in the time, added to the player's own."""

    offset_ms: float = Field(default=0.0, ge=-40, le=40, description="late is positive")
    spread: float = Field(default=1.0, ge=0, le=3, description="factor on the player's spread")
    swing: float = Field(default=0.0, ge=-0.1, le=0.1, description="added to the off-beat's share")


class Player(Sheet):
    """A player's tendencies.

    Scales are against the recorded drummers of ``data/grooves``: a spread of 1 is as loose as they
    were, 0.5 is a tight session player.
    """

    name: str = Field(description="as the file is called")
    about: str = Field(description="one sentence for the credits and the reasons")
    families: tuple[str, ...] = Field(min_length=1, description="instrument families")
    styles: tuple[str, ...] = Field(default=(), description="styles the player is at home in")
    offset_ms: float = Field(default=0.0, ge=-40, le=40, description="behind the band: positive")
    spread: float = Field(default=0.5, ge=0, le=2, description="looseness from note to note")
    drift: float = Field(default=0.25, ge=0, le=2, description="own slow wander beside the band's")
    lock: float = Field(default=0.95, ge=0, le=1, description="share of the band's wander followed")
    velocity_spread: float = Field(default=4.0, ge=0, le=30, description="MIDI velocity, 1 sigma")
    accent: float = Field(default=1.0, ge=0, le=3, description="factor on accents of the metre")
    arch: float = Field(default=1.0, ge=0, le=3, description="factor on the swell of phrases")
    ghost: float = Field(default=0.42, ge=0.1, le=1, description="ghost notes against plain ones")
    vibrato: float = Field(default=0.5, ge=0, le=1, description="depth on long notes")
    feels: dict[str, Feel] = Field(default_factory=dict, description="own reading of a feel")
