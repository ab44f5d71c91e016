"""What is published, for everybody: released figures, orders in force, counts of penalties."""

from geodata.core.vocabulary import ACTION_WORDS, ActionKind
from geodata.enforcement import orders
from web.api.operations import Operation, operation
from web.api.schemas import Figure, Figures, Order, Orders, Penalties, PenaltyCounts
from web.clock import today
from web.database import read_session
from web.services.publishing.enforcement_activity import published_activity
from web.services.publishing.figure_files import as_records
from web.services.publishing.public_figures import published


@operation("/figures", Operation("Read the released figures", Figures))
def figures() -> Figures:
    """Months of the borough and years of its wards, as they were released."""
    records = as_records(published(read_session()))
    return Figures(figures=[Figure.model_validate(record) for record in records])


@operation("/orders", Operation("List the orders in force", Orders))
def order_list() -> Orders:
    """Orders in force today; their areas are in the collection `orders` below /ogc."""
    versions = orders.in_force(read_session(), today())
    return Orders(
        orders=[
            Order(
                name=each.order.name,
                version=each.number,
                valid_from=each.valid_from,
                valid_to=each.valid_to,
                prohibitions=[one.text for one in each.prohibitions],
            )
            for each in versions
        ]
    )


@operation("/penalties", Operation("Read the counts of enforcement", PenaltyCounts))
def penalty_counts() -> PenaltyCounts:
    """By year and kind, as they were released; nothing of a person."""
    return PenaltyCounts(
        penalties=[
            Penalties(
                year=year.name,
                released_at=year.released_at,
                words=ACTION_WORDS[ActionKind(row.kind)],
                **vars(row),
            )
            for year in published_activity(read_session())
            for row in year.rows
        ]
    )
