"""What people look at: the style, findings in words, figures, tables."""
