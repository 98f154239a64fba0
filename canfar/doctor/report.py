"""What an examination found."""

from __future__ import annotations

from typing import Any, Final, Literal, TypeAlias

from attrs import asdict, frozen

__all__ = ["Finding", "Report", "Verdict"]

Verdict: TypeAlias = Literal["ok", "warning", "wrong"]

MARKS: Final[dict[Verdict, str]] = {"ok": "ok     ", "warning": "warning", "wrong": "WRONG  "}


@frozen(kw_only=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        name: What it is about, "certificate" for instance.
        verdict: "ok", "warning" or "wrong".
        text: What was seen.
        advice: What to do about it, or an empty string.
    """

    name: str
    verdict: Verdict
    text: str
    advice: str = ""


@frozen
class Report:
    """All that was looked at.

    Attributes:
        findings: In the order in which it was.
    """

    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong; a warning is not wrong yet."""
        return all(each.verdict != "wrong" for each in self.findings)

    def as_data(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {"ok": self.ok, "findings": [asdict(each) for each in self.findings]}

    def __str__(self) -> str:
        width = max((len(each.name) for each in self.findings), default=0)
        lines: list[str] = []
        for each in self.findings:
            lines.append(f"{MARKS[each.verdict]}  {each.name.ljust(width)}  {each.text}")
            if each.advice:
                lines.append(" " * (width + 11) + each.advice)
        return "\n".join(lines)
