"""`python -m playground` is the command line. Main thread only; may import cli and nothing else."""

from playground.cli import main

if __name__ == "__main__":
    main()
