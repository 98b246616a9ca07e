"""Becomes another command, one that ends with its parent: `tether.py PARENT COMMAND ...`."""

import ctypes
import os
import signal
import sys

SET_PARENT_DEATH_SIGNAL = 1  # Linux: prctl(PR_SET_PDEATHSIG), which execve keeps


def main(parent: int, command: list[str]) -> None:
    """Asks the kernel for SIGTERM when the parent dies, then becomes `command`.

    Systems without prctl only lose that: there a killed parent leaves its children behind.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
        if os.getppid() != parent:
            sys.exit(1)  # it died before we asked
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
