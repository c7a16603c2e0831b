"""``python -m cli``: the command line without an installed command."""

from . import run

run()
