"""What must leadership know and decide this period? The other pages' figures, and nothing computed anew."""
