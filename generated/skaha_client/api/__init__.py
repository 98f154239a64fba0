"""The operations, a module each, by the service's tags."""
