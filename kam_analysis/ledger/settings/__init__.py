"""Where a company's data is, as its `kam.toml` says it."""
