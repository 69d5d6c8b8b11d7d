"""A command that is told of a run, and what it does wrong."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys

import pytest

from forecast.evidence.problems import UserError
from forecast.report.outputs.notify import KEPT, notify, parsed

pytestmark = pytest.mark.skipif(os.name != "posix", reason="shells differ")


def command(program: str) -> str:
    return shlex.join([sys.executable, "-c", program])


@pytest.mark.parametrize("given", [" ", "\t", "'"])
def test_what_is_no_command_is_refused(given: str) -> None:
    with pytest.raises(UserError, match="expected a command"):
        parsed(given)


def test_only_the_end_of_what_it_says_is_kept() -> None:
    said = "import sys; sys.stderr.write('x' * 50_000_000 + '\\n' + 'y' * 10); sys.exit(3)"
    program = f"""
import resource
from forecast.report.outputs.notify import notify
used = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
before = used()
print(notify({command(said)!r}, {{}}))
assert used() - before < 20_000, "kB of memory"
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.endswith(f": ended with status 3: {'y' * 10}\n"), done.stderr
    assert KEPT < 20_000


def test_what_it_leaves_running_is_not_waited_for() -> None:
    """It holds the end of the pipe through which the command says what is wrong."""
    left = "import subprocess, sys; print(subprocess.Popen(['sleep', '60']).pid, file=sys.stderr)"
    told = notify(command(f"{left}; sys.exit(3)"), {})
    assert "ended with status 3: " in told
    os.kill(int(told.split()[-1]), 9)
