"""`python -m kam_analysis`: the command `kam`, where its folder is not on the path."""

from kam_analysis.cli import main

main(prog_name="kam")
