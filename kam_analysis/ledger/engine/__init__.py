"""Where the transactions are: connections that only read, and sums that are exact."""
