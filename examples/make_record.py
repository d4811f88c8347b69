"""What `make record` runs: produces an example brief and delivers it into ``records/``.

Run it again after a decision: only what depends on the decision is made again.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TONMEISTER = [sys.executable, "-m", "tonmeister"]


def main(name: str) -> int:
    """Produce and deliver the example of this name; the exit code."""
    records = Path(os.path.relpath(HERE.parent / "records"))
    production = records / name
    if not (production / "production.toml").exists():
        new = [*TONMEISTER, "new", str(production), "--brief-file", str(HERE / f"{name}.toml")]
        subprocess.run(new, check=True)
    subprocess.run([*TONMEISTER, "produce", str(production)], check=True)
    subprocess.run(
        [*TONMEISTER, "deliver", str(production), str(records / f"{name}-delivered")], check=True
    )
    print(
        f"""
Listen:    {production}/record/
Look:      {production}-delivered/*_Report.html (there too: MP3, stems, MIDI, lead sheet)
Try next:  .venv/bin/tonmeister decide {production} tempo=84 --why "it drags"
           .venv/bin/tonmeister produce {production}
           .venv/bin/tonmeister sheet {production}   (all that you can decide, and why it is so)
Your own:  .venv/bin/tonmeister new my-song --brief "a bright swing in F, 140 bpm, 2 minutes"
           .venv/bin/tonmeister new my-song --lead-sheet \\
               examples/lead_sheets/greensleeves.musicxml"""
    )
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "lamplight"))
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
    except KeyboardInterrupt:
        sys.exit(130)
