"""Warm starts: a run's processes are forked from one that has paid the imports and the first figure already.

`fork_server` is that process, `forks` the run's side of it, `forked_kernel` the kernel that a forked report is handed.
"""
