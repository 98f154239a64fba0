"""A picture that notebooks show and that can be saved."""

from __future__ import annotations

from pathlib import Path

from attrs import frozen

__all__ = ["Picture"]


@frozen(repr=False)
class Picture:
    """An SVG picture; a notebook shows it.

    Attributes:
        svg: The picture.

    Example:
        >>> from canfar.pictures.picture import Picture
        >>> Picture("<svg/>").save("/tmp/fit.svg").name
        'fit.svg'
    """

    svg: str

    def save(self, path: str | Path) -> Path:
        """Write the picture to a file.

        Args:
            path: The file, usually with the ending ``.svg``.

        Returns:
            The file.
        """
        place = Path(path).expanduser()
        place.write_text(self.svg, "utf-8")
        return place

    def __repr__(self) -> str:
        return f"<SVG picture, {len(self.svg):,} characters; .save(path) writes it to a file>"

    def _repr_html_(self) -> str:
        # Within the page it follows the notebook's theme, which an image of its own could not see.
        return self.svg

    def _repr_svg_(self) -> str:
        return self.svg
