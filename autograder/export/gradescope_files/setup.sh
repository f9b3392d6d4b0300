#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image of the autograder.
set -euo pipefail
cd "$(dirname "$0")"
export DEBIAN_FRONTEND=noninteractive

install() { apt-get -qq install -y --no-install-recommends "$@"; }

find_python() {
    for candidate in python3 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
}

apt-get -qq update
install bubblewrap libseccomp2
python=$(find_python)
if [ -z "$python" ]; then
    # The Python of Ubuntu 22.04 is older; this one lies beside it.
    install python3.11
    python=python3.11
fi
"$python" -c 'import ensurepip, venv' 2>/dev/null || install "$python-venv"
"$python" -m venv .venv

pip() { .venv/bin/python -m pip --disable-pip-version-check --no-cache-dir --quiet "$@"; }

# PyTorch first and by itself, so that no other package pulls another build of it.
pip install --constraint constraints.txt "$(grep '^torch==' constraints.txt)"
pip install --constraint constraints.txt --requirement requirements.txt
