#!/bin/sh
# Sets a fresh machine up: system packages, a virtual environment, locked dependencies.
#   scripts/setup.sh record    what making records needs
#   scripts/setup.sh test      that, and what the tests and linters need
# Does nothing where everything is there already. TONMEISTER_NO_SYSTEM=1 leaves system packages alone.
set -eu
cd "$(dirname "$0")/.."
purpose=${1:-record}
case "$purpose" in
    record) lock=requirements.lock ;;
    test) lock=requirements-dev.lock ;;
    *) echo "setup: record or test, not '$purpose'" >&2; exit 2 ;;
esac

say() { echo "setup: $*" >&2; }

have_library() {  # libfluidsynth, where dynamic linkers look
    for file in /usr/lib/libfluidsynth.so.[23] /usr/lib64/libfluidsynth.so.[23] \
        /usr/lib/*-linux-gnu*/libfluidsynth.so.[23] /usr/local/lib/libfluidsynth.* \
        /opt/homebrew/lib/libfluidsynth.*; do
        [ -e "$file" ] && return 0
    done
    return 1
}
have_font() {
    [ -n "${TONMEISTER_SOUNDFONT:-}" ] && return 0
    for file in /usr/share/sounds/sf[23]/*.sf[23] /usr/share/soundfonts/*.sf[23]; do
        [ -e "$file" ] && return 0
    done
    return 1
}
find_python() {
    for candidate in python3.11 python3.12 python3.13 python3; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"; return 0
        fi
    done
    return 1
}

missing=""
need() { missing="$missing $1"; }
have_library || need libfluidsynth3
have_font || need fluid-soundfont-gm
command -v ffmpeg >/dev/null 2>&1 || need ffmpeg
python=$(find_python) || { need python3; python=""; }
if [ ! -x .venv/bin/python ]; then
    [ -n "$python" ] && "$python" -c 'import ensurepip, venv' 2>/dev/null || need python3-venv
fi
if [ "$purpose" = test ]; then
    command -v fluidsynth >/dev/null 2>&1 || need fluidsynth
    command -v mscore3 >/dev/null 2>&1 || command -v mscore >/dev/null 2>&1 || need musescore3
    command -v pdftoppm >/dev/null 2>&1 || need poppler-utils
fi

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}
if [ -n "$missing" ] && [ "${TONMEISTER_NO_SYSTEM:-0}" != 1 ]; then
    if ! command -v apt-get >/dev/null 2>&1; then
        say "missing here:$missing (Debian's names)."
        say "Fedora: dnf install fluidsynth fluid-soundfont-gm ffmpeg-free; macOS: brew install fluid-synth ffmpeg."
        say "Going on without: 'tonmeister doctor' says what that costs."
    elif [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null 2>&1; then
        say "missing:$missing. Ask an administrator for: apt-get install$missing"
        say "Going on without: 'tonmeister doctor' says what that costs."
    else
        say "installing system packages:$missing"
        as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq || say "apt-get update failed; going on"
        for package in $missing; do  # one by one: one that is not to be had must not cost the others
            as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null \
                || say "could not install $package; 'tonmeister doctor' says what that costs"
        done
        [ -n "$python" ] || python=$(find_python) || true
    fi
fi

if [ ! -x .venv/bin/python ]; then
    [ -n "$python" ] || { say "Python 3.11 or newer is needed and was not found"; exit 1; }
    say "making the virtual environment .venv with $("$python" --version)"
    "$python" -m venv .venv || { say "the venv module is missing: apt-get install python3-venv"; rm -rf .venv; exit 1; }
fi
stamp=".venv/.ready-$purpose"
state=$(cat "$lock" pyproject.toml | cksum)
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$state" ]; then
    say "installing locked dependencies ($lock)"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
    say "compiling the sound kernels (half a minute, once)"
    .venv/bin/python -c 'from tonmeister.signal import warm_up; warm_up()'
    printf '%s\n' "$state" > "$stamp"
fi
