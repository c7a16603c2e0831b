#!/bin/sh
# Creates .venv and installs requirements.lock and this project into it. `make setup` calls it.
set -eu

say() { printf '%s\n' "$*" >&2; }

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
  for candidate in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
    if new_enough "$candidate"; then
      [ "$candidate" = "${PYTHON:-python3}" ] || say "${PYTHON:-python3} is missing or too old; using $candidate."
      echo "$candidate"
      return
    fi
  done
  say "Banjia needs Python 3.11 or later; ${PYTHON:-python3} is $("${PYTHON:-python3}" --version 2>/dev/null || echo missing)."
  say "Install one and say where it is: make setup PYTHON=/path/to/python3"
  return 1
}

create_venv() {
  python=$(find_python)
  # Debian and Ubuntu deliver Python without the part that venv needs.
  if ! "$python" -c 'import ensurepip' >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      apt-get update -qq
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
    else
      say "$python cannot create virtual environments. On Debian or Ubuntu: sudo apt-get install python3-venv"
      return 1
    fi
  fi
  "$python" -m venv --clear .venv
}

pip() { .venv/bin/python -m pip --quiet --disable-pip-version-check "$@"; }

# uv is several times faster than pip. Where it cannot be had or cannot reach the packages, pip does the work.
# uv compiles to bytecode only when asked to; without, every start of the program takes seconds longer.
install() {
  if [ -x .venv/bin/uv ] && .venv/bin/uv pip install --quiet --python .venv/bin/python "$@"; then return; fi
  pip install "$@"
}

{ new_enough .venv/bin/python && .venv/bin/python -c 'import pip'; } 2>/dev/null || create_venv
say "Installing into .venv; the first time takes about half a minute."
[ -x .venv/bin/uv ] || pip install 'uv==0.13.9' || say "No uv; going on with pip, which takes a minute longer."
UV_COMPILE_BYTECODE=1 install --require-hashes -r requirements.lock
install --no-deps --no-build-isolation --editable .
say "Ready: make run, make test, or .venv/bin/banjia --help"
