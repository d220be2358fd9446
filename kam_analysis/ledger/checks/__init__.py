"""What is wrong or doubtful about the data, said all at once."""
