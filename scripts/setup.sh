#!/bin/sh
# Make the virtual environment $VENV with $PYTHON from the hash lock, and put the project itself into it.
set -eu
cd "$(dirname "$0")/.."
: "${PYTHON:=python3}" "${VENV:=.venv}"

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

# The one asked for, else any that is new enough: `python3` is still 3.9 or 3.10 on many machines.
found=
for candidate in "$PYTHON" python3.13 python3.12 python3.11; do
    if new_enough "$candidate"; then
        found=$candidate
        break
    fi
done
if [ -z "$found" ]; then
    echo "Python 3.11 or newer is needed, and '$PYTHON' is not. Name one: make PYTHON=/path/to/python3.12 setup" >&2
    exit 1
fi

# An environment without a working Python or pip (an interrupted setup, a Python since removed) is made anew.
if ! new_enough "$VENV/bin/python" || ! "$VENV/bin/python" -m pip --version >/dev/null 2>&1; then
    rm -rf "$VENV"
    if ! "$found" -m venv "$VENV"; then
        rm -rf "$VENV"
        echo "'$found -m venv' failed. On Debian and Ubuntu: apt-get install python3-venv" >&2
        exit 1
    fi
fi

pip() {
    "$VENV/bin/python" -m pip --disable-pip-version-check --quiet "$@"
}
echo "Installing what requirements-dev.txt pins into $VENV (about half a minute the first time) ..."
pip install --retries 5 --require-hashes -r requirements-dev.txt
pip install --no-deps --no-build-isolation --no-index -e .
