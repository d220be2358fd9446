"""One file per question: each function takes a result and returns a plotly figure, nothing else."""
