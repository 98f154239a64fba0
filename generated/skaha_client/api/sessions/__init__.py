"""The operations of one tag, a module each."""
