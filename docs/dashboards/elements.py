"""What a dashboard is made of: where its rows come from, figures, charts and tables, and the bands that hold them."""

from typing import NamedTuple

#: How a figure's value is written; the name of a unit says what stands in its cell.
FORMATS = {
    "money": "#,##0",
    "count": "#,##0",
    "percent": '0.0"%"',
    "hours": "#,##0.0",
    "days": "#,##0.0",
}
#: Units whose change is a difference, for a percentage of a percentage tells nothing.
RATES = ("percent", "hours", "days")


class Filter(NamedTuple):
    """A global filter: by a period, by records of a model, or by the values of a selection field of it."""

    code: str
    label: str
    model: str = ""
    field: str = ""
    default: str = ""

    @property
    def kind(self):
        return "selection" if self.field else "relation" if self.model else "date"


class Source(NamedTuple):
    """A report model, the condition that all its figures share, and the field that each filter narrows.

    One that ``has_first`` gives tables their first rows only, where all would be thousands.
    """

    model: str
    action: str
    domain: tuple = ()
    filters: dict = {}
    period_type: str = "datetime"
    has_first: bool = False


class Figure(NamedTuple):
    """A value of the present period beside that of the one before.

    ``key`` holds fields and their values for which the figure is taken, so that figures of one source share a request;
    ``before`` is the key of the one before where that is not a period; ``wanted`` is the field of a company that
    says what is wanted.
    """

    code: str
    label: str
    source: Source
    measure: str
    unit: str = "count"
    key: tuple = ()
    domain: tuple = ()
    before: tuple = ()
    since: str = "vs. last"
    is_less_better: bool = False
    wanted: str = ""
    sample: tuple = (0, 0)


class Chart(NamedTuple):
    """A chart of a measure by one or two fields. ``sample`` holds the labels and a list of values for each series."""

    kind: str
    title: str
    source: Source
    groups: tuple
    measure: str
    domain: tuple = ()
    ignored: tuple = ()
    options: dict = {}
    rows: int = 14
    sample: tuple = ()


class Column(NamedTuple):
    """A measure of a table: its heading, how many columns of the grid it takes, and how it is written."""

    label: str
    measure: str
    unit: str = "count"
    width: int = 1


class Table(NamedTuple):
    """The first records of a field by a measure, or, where ``sort`` is None, in their own order.

    ``sample`` holds the rows: a name, and a value for each column.
    """

    title: str
    heading: str
    source: Source
    row: str
    columns: tuple
    domain: tuple = ()
    ignored: tuple = ()
    sort: str | None = ""
    size: int = 10
    sample: tuple = ()


class Heat(NamedTuple):
    """A measure by two fields, coloured by its size. ``sample``: headings, and rows of a name and values."""

    title: str
    heading: str
    source: Source
    row: str
    column: str
    measure: str
    unit: str = "money"
    domain: tuple = ()
    size: int = 10
    sample: tuple = ()


class Cards(NamedTuple):
    """A row of figures as cards."""

    codes: tuple


class Halves(NamedTuple):
    """Two elements side by side; the one on the left may be the table of all figures."""

    left: object
    right: object


class Figures(NamedTuple):
    """The table of figures: value, the one before, the change, and where any has it, what is wanted."""

    title: str
    codes: tuple


class Note(NamedTuple):
    """A line of text over the whole width."""

    text: str


class Dashboard(NamedTuple):
    name: str
    filters: tuple
    figures: tuple
    bands: tuple
