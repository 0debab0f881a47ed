"""`python -m stromal`, the same as the command `stromal`."""

import sys

from stromal.cli import main

if __name__ == "__main__":
    sys.exit(main())
