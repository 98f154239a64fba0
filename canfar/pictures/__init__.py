"""Batches as pictures: pure functions from what is known of a batch to SVG, HTML and text."""
