"""The past of the quality board: somebody has been cleaning for a quarter of a year."""

from datetime import date, timedelta

from config.sample.chance import Chance, moment
from leads import quality
from leads.models import QualityCount


def write_trend(today: date, chance: Chance) -> None:
    """What is counted today, and a little more of it each week before."""
    quality.note(at=moment(today, 6))
    this_week = quality.weeks_until(today)[-1]
    rows = [
        QualityCount(
            measure=row.measure,
            week=this_week - timedelta(weeks=back),
            count=round(row.count * (1 + 0.035 * back + chance.random() * 0.03)),
            at=moment(today - timedelta(weeks=back), 6),
        )
        for row in QualityCount.objects.filter(week=this_week).order_by("measure")
        for back in range(1, quality.WEEKS)
    ]
    QualityCount.objects.bulk_create(rows)
