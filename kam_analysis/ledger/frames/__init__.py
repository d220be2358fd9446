"""What the ledger hands out: frames with a row for each account."""
