"""What moved between two periods."""

import pandas as pd
import pytest

from kam_analysis.analysis import concentration as c


def frame(**amounts):
    names = [name.upper() for name in amounts]
    return pd.DataFrame({"account_id": list(amounts), "account_name": names, "revenue": list(amounts.values())})


def test_the_mover_is_who_moved_with_the_five_largest():
    before = c.concentrate(frame(a=40.0, b=30.0, d=20.0, e=5.0, f=4.0, g=1.0), "revenue")
    now = c.concentrate(frame(a=40.0, b=30.0, d=10.0, e=5.0, f=4.0, g=30.0), "revenue")
    mover = c.top_mover(now, before)
    # The five fell from 99 to 97 %, d from 20 to 8 %; g rose, but against the direction.
    assert mover is not None
    assert mover.account_id == "d"
    back = c.top_mover(before, now)
    assert back is not None
    assert (back.account_id, back.change) == ("d", pytest.approx(0.2 - 10 / 119))
    assert c.top_mover(now, now) is None
