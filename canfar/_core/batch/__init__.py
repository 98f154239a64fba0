"""What a batch decides: pure, for both colours."""
