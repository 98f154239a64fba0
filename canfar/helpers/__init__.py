"""Help for code that runs inside sessions."""
