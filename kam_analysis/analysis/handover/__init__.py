"""What if an account manager leaves, and who takes over? For each manager alike: nobody's departure is predicted.

`departure` puts a departure into money and `own_history` says what past hand-overs cost us.
"""

__all__: list[str] = []
