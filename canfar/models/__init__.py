"""The values people pass in and get back."""
