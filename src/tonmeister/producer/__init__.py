"""The producer: brief, vision, decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tonmeister.doors import doors

if TYPE_CHECKING:
    from tonmeister.producer.brief import Brief, dump_brief, make_brief, read_brief
    from tonmeister.producer.cascading import cascade, deciding, provenance
    from tonmeister.producer.decide import parse_decision, parse_decisions, resolve, section_kinds
    from tonmeister.producer.journal import Journal, effective
    from tonmeister.producer.tree import values_at
    from tonmeister.producer.understanding import Understanding, Understood, understand
    from tonmeister.producer.vision import brief_decisions, envision

_HOMES = {
    "Brief": "brief",
    "dump_brief": "brief",
    "make_brief": "brief",
    "read_brief": "brief",
    "cascade": "cascading",
    "deciding": "cascading",
    "provenance": "cascading",
    "parse_decision": "decide",
    "parse_decisions": "decide",
    "resolve": "decide",
    "section_kinds": "decide",
    "Journal": "journal",
    "effective": "journal",
    "values_at": "tree",
    "Understanding": "understanding",
    "Understood": "understanding",
    "understand": "understanding",
    "brief_decisions": "vision",
    "envision": "vision",
}

__all__ = [
    "Brief",
    "Journal",
    "Understanding",
    "Understood",
    "brief_decisions",
    "cascade",
    "deciding",
    "dump_brief",
    "effective",
    "envision",
    "make_brief",
    "parse_decision",
    "parse_decisions",
    "provenance",
    "read_brief",
    "resolve",
    "section_kinds",
    "understand",
    "values_at",
]

__getattr__ = doors(__name__, _HOMES)
