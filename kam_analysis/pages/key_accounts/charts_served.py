"""Who is served of the key accounts, how valuable each is and for what it is key: the list as a picture."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import plotly.graph_objects as go

from kam_analysis.analysis.segments import PRESENCE, largest_shares
from kam_analysis.pages import style
from kam_analysis.pages.frame import column, framed, row_axis, upright, word
from kam_analysis.pages.key_accounts.reasons import activity_name, briefly, changed, most_carry, reason
from kam_analysis.pages.words import said_in, words_in

if TYPE_CHECKING:
    from kam_analysis.pages.key_accounts.found import Found

say = said_in(__file__)

# So many names are read; those nearest to the line are the ones that a reader asks for.
_SHOWN = 30
_ROW = 26  # pixels
# Where the left panel ends and the right one begins, in parts of the drawing, and how long the right one is in lengths
# of its longest bar: the words beside it need the rest.
_DESK, _PHONE = (0.40, 0.44, 2.2), (0.34, 0.37, 4.6)
_SERVED, _OUT = 0.45, 0.75  # of a colour's strength: who comes in has all of it
_MOVED = words_in(__file__, "moved")


Place = Literal["served", "not served", "not key"]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One account: `score` its value (0-1, NaN where not assessed), `share` the largest that it reaches (0-1), `why`
    in words; `place` says whether it is served, key without being served, or not key, `moved` "in" or "out"
    against the settings, or neither, `followed` whether it is the one that is looked at."""

    account_id: str
    name: str
    score: float
    share: float
    why: str
    place: Place
    moved: Literal["", "in", "out"]
    followed: bool


def lines(found: "Found") -> Sequence[Line]:
    """Who is served, then who is key and is not, then who is not key: the nearest, who went out, and who is followed."""
    came, went = map(set, changed(found))
    keys = dict(zip(found.keys["account_id"], found.keys["largest_share"], strict=True))
    why, reached = _first_reasons(found), _reached(found, {*went, found.customer} - set(keys) - {""})
    moved: dict[str, Literal["", "in", "out"]] = {**dict.fromkeys(came, "in"), **dict.fromkeys(went, "out")}

    def line(id_: str, place: Place) -> Line:
        share, activity = reached.get(id_, (keys.get(id_, 0.0), ""))
        said = why.get(id_, "")
        if activity and not said:
            said = say("reasons.share", share=_told(share), activity=activity_name(activity))
        score, name = found.of(found.scores, id_, "score"), found.name(id_)
        value, way, followed = math.nan if score is None else float(score), moved.get(id_, ""), id_ == found.customer
        return Line(
            account_id=id_, name=name, score=value, share=share, why=said, place=place, moved=way, followed=followed
        )

    inside = [line(each, "served") for each in found.cut.inside["account_id"]]
    near = found.cut.just_outside["account_id"].tolist()
    others = [*near, *sorted({*went, found.customer} - found.served - {"", *near})]
    apart = [line(each, "not served" if each in keys else "not key") for each in others]
    return [*inside, *sorted(apart, key=_order)]


def _told(share: float) -> str:
    """Near the threshold a tenth of a point may matter."""
    return style.share(share, 1 if share < 0.1 else 0)


def _order(line: Line) -> tuple[bool, float, str]:
    """Key accounts by value, the others by how near they come."""
    value = line.score if line.place == "not served" else line.share
    return line.place == "not key", -value if value == value else 1.0, line.account_id


def _first_reasons(found: "Found") -> dict[str, str]:
    """The activity of the largest share by account, in words; presence where there is none."""
    said: dict[str, str] = {}
    rows = found.significant.to_dict("records")
    for row in sorted(rows, key=lambda each: (each["activity"] == PRESENCE, -each["share"], each["activity"])):
        if str(row["account_id"]) not in said:
            said[str(row["account_id"])] = reason(row)
    return said


def _reached(found: "Found", others: set[str]) -> dict[str, tuple[float, str]]:
    """The largest share, and of what, of those who are not key."""
    near = found.cut.just_outside
    reached = {
        str(id_): (float(share), str(activity))
        for id_, share, activity, key in zip(
            near["account_id"], near["largest_share"], near["activity"], near["key"], strict=True
        )
        if not key
    }
    unknown = others.difference(reached)
    if unknown:
        best = largest_shares(found.shares[found.shares["account_id"].isin(unknown)])
        reached |= {str(each["account_id"]): (each["share"], each["activity"]) for each in best.to_dict("records")}
    return reached


def served_figure(found: "Found") -> go.Figure:
    """The list as a picture: left the value of each, right the largest share that it carries and of what.

    The most valuable come first; below them who is key and not served, and who comes nearest to being key. Who
    comes in and who goes out against the settings is marked in colour and words.
    """
    every = lines(found)
    shown, left_out = _few(every)
    at = _places(shown)
    longest = max([each.share for each in shown] + [found.key_share])
    headings = _headings(found, shown, at=at)
    layout = {
        "bargap": 0.3,
        **_panels(longest, _DESK),
        "yaxis": row_axis(_names(shown, 26), at, range=[at[-1] + 0.7, -0.7]),
        "shapes": [
            upright(found.key_share, 0, 1, xref="x2", yref="y domain"),
            *(_above(place) for place, _, _ in headings),
        ],
        "annotations": [
            *_words(found),
            *(word(0, place, f"<i>{words}</i>", xref="paper", xanchor="left") for place, words, _ in headings),
        ],
    }
    # A score that is missing draws no bar.
    values = _bars([each.score if each.score == each.score else 0.0 for each in shown], shown, at=at, axis="x")
    values |= {"text": [_value(each) for each in shown], "textposition": "outside", "textfont": {"size": 12}}
    shares = _bars([each.share for each in shown], shown, at=at, axis="x2")
    figure = go.Figure([values, shares, _reasons(shown, at, longest=longest)], layout)
    narrow = {
        "data": [{}, {}, {"text": [_why(each, 15, short=True) for each in shown]}],
        "axes": {"yaxis": {"ticktext": _names(shown, 14)}, **_panels(longest, _PHONE)},
        "annotations": [
            {},
            {"text": say("charts.largest_share_short")},
            {},
            *({"text": f"<i>{short}</i>"} for _, _, short in headings),
        ],
    }
    alt = say("charts.served_alt", customers=len(shown))
    if left_out:
        alt = say("charts.served_alt_some", customers=len(shown), more=left_out)
    height = round(_ROW * (at[-1] + 1.4)) + 120
    source = found.about.source
    return framed(figure, _finding(found), alt=alt, source=source, height=height, narrow=narrow, **_table(every))


def _few(every: Sequence[Line]) -> tuple[Sequence[Line], int]:
    """The lines that are drawn, and how many are not: whoever moved or is followed, the first, and those around the cut."""
    if len(every) <= _SHOWN:
        return every, 0
    last = sum(each.place == "served" for each in every)
    wanted = sorted(
        range(len(every)),
        key=lambda at: (not (every[at].moved or every[at].followed), at >= 5 and abs(at - last + 0.5)),
    )
    kept = sorted(wanted[:_SHOWN])
    return [every[at] for at in kept], len(every) - len(kept)


def _places(shown: Sequence[Line]) -> list[int]:
    """Where each line stands, with an empty one above each further group."""
    places, here = [], -1
    for before, line in zip([None, *shown], shown, strict=False):
        here += 1 + (before is not None and before.place != line.place)
        places.append(here)
    return places or [0]


def _headings(found: "Found", shown: Sequence[Line], *, at: Sequence[int]) -> list[tuple[int, str, str]]:
    """Where a further group begins, and what it is called, with and without room for words."""
    words = {
        "not served": (say("charts.not_served", limit=found.limit), say("charts.not_served_short")),
        "not key": (say("charts.not_key", share=style.share(found.key_share, 0)), say("charts.not_key_short")),
    }
    firsts: dict[str, int] = {}
    for line, place in zip(shown, at, strict=False):
        firsts.setdefault(line.place, place)
    return [(place - 1, *words[group]) for group, place in firsts.items() if group in words]


def _bars(x: Sequence[float], shown: Sequence[Line], *, at: Sequence[int], axis: str) -> dict[str, Any]:
    hover = [
        say("charts.served_hover", who=style.escaped(each.name), value=_value(each), why=style.escaped(each.why))
        for each in shown
    ]
    marker = {
        "color": [_colour(each) for each in shown],
        "opacity": [_strength(each) for each in shown],
        "line": {"color": style.INK, "width": [1.5 if each.followed else 0 for each in shown]},
    }
    form = {"orientation": "h", "xaxis": axis, "cliponaxis": False, "hovertext": hover, "hoverinfo": "text"}
    return {"type": "bar", "x": x, "y": at[: len(shown)], "marker": marker, **form}


def _reasons(shown: Sequence[Line], at: Sequence[int], *, longest: float) -> go.Scatter:
    """What each is key for, beside the bars."""
    inks = {"in": style.ACCENT, "out": style.WARNING, "": style.INK}
    font = {"size": 12, "color": [inks[each.moved] for each in shown]}
    return column(1.06 * longest, at[: len(shown)], [_why(each, 24) for each in shown], font, xaxis="x2")


def _colour(line: Line) -> str:
    return style.WARNING if line.moved == "out" else style.ACCENT if line.place == "served" else style.REST


def _strength(line: Line) -> float:
    return _OUT if line.moved == "out" else _SERVED if line.place == "served" and not line.moved else 1.0


def _value(line: Line) -> str:
    return style.decimal(line.score, 2) if line.score == line.score else style.NOT_ASSESSED


def _why(line: Line, longest: int, *, short: bool = False) -> str:
    said = style.escaped(style.shortened(briefly(line.why) if short else line.why, longest))
    if not line.moved:
        return said
    way = words_in(__file__, "moved_short")[line.moved] if short else f"{_MOVED[line.moved]}:"
    return f"<b>{way}</b> {said}"


def _names(shown: Sequence[Line], longest: int) -> list[str]:
    names = [style.escaped(style.shortened(each.name, longest)) for each in shown]
    return [f"<b>{name}</b>" if line.followed else name for name, line in zip(names, shown, strict=True)]


def _panels(longest: float, room: tuple[float, float, float]) -> dict[str, Any]:
    left, right, lengths = room
    hidden = {"visible": False}
    return {
        "xaxis": {**hidden, "domain": [0, left], "range": [0, 1.6]},
        "xaxis2": {**hidden, "domain": [right, 1], "range": [0, longest * lengths], "anchor": "y"},
    }


def _above(place: int) -> dict[str, Any]:
    line = {"color": style.REST, "width": 1}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": place - 0.4, "y1": place - 0.4, "line": line}


def _words(found: "Found") -> list[dict[str, Any]]:
    """What each panel shows, above it, and at the foot of the dotted line where it stands."""
    above, below = ({"yref": "y domain", "yanchor": side, "xanchor": "left"} for side in ("bottom", "top"))
    threshold = say("charts.threshold", share=style.share(found.key_share, 0))
    return [
        word(0, 1, say("charts.value_axis"), xref="x", **above),
        word(0, 1, say("charts.largest_share"), xref="x2", **above),
        word(found.key_share, 0, threshold, xref="x2", **below),
    ]


def _finding(found: "Found") -> str:
    n, limit, share = len(found.keys), found.limit, style.share(found.key_share, 0)
    keys = style.counted(n, "key account")
    if not n:
        said = say("charts.most_carry", share=share) if most_carry(found) else say("charts.nobody_carries", share=share)
    elif n > limit:
        said = say("charts.served", limit=limit, keys=n)
    else:
        said = say("charts.room", keys=keys, more=limit - n) if n < limit else say("charts.no_room", keys=keys)
    came, went = changed(found)
    ways = [say("compared.comes" if len(came) == 1 else "compared.come", who=len(came))] if came else []
    ways += [say("compared.goes" if len(went) == 1 else "compared.go", who=len(went))] if went else []
    return f"{said}: {', '.join(ways)}" if ways else said


def _table(every: Sequence[Line]) -> dict[str, Any]:
    places = words_in(__file__, "places")
    rows = [[each.name, _value(each), each.why, places[each.place], _MOVED.get(each.moved, "")] for each in every]
    return {"columns": [*words_in(__file__, "data_served").values()], "rows": rows}
