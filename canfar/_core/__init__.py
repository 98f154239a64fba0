"""What to send and how to settle what comes back: pure code, no I/O, no thread, no await."""
