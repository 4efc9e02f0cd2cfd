from collections import defaultdict
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

#: What a requirement asks, and of whom. What was recorded before one of them was changed says nothing of it.
ASKING = frozenset(
    {
        "active",
        "active_from",
        "activity_type_id",
        "company_id",
        "deal_class_ids",
        "document_type_id",
        "domain",
        "field_id",
        "field_name",
        "kind",
        "min_count",
        "stage_id",
        "team_ids",
    }
)


class CountedMove(NamedTuple):
    """A move that a requirement looks at."""

    lead_id: int
    from_stage_id: int
    to_stage_id: int
    team_id: int
    skipped_count: int
    moved_at: object
    warned_ids: set


class SalesStageRequirement(models.Model):
    """What requirements would have stopped, to be seen before one of them blocks."""

    _inherit = "sales.stage.requirement"

    asked_since = fields.Datetime(
        default=lambda self: self.env.cr.now(),
        readonly=True,
        copy=False,
        help="When it began to ask what it asks today, of whom it asks it today.",
    )
    would_stop_count = fields.Integer(
        string="Stopped Deals",
        compute="_compute_would_stop",
        help="Of the deals that people or imports moved on from this stage, or past it, in the last 30 days: those for "
        "which it was recorded as unmet, or, moved when it was not asked as it is today, that do not meet it today.",
    )
    would_stop_total = fields.Integer(
        string="Out Of",
        compute="_compute_would_stop",
        help="Deals that people or imports moved on from this stage, or past it, in the last 30 days, and for which it "
        "holds.",
    )
    would_stop_label = fields.Char(
        string="Would Have Stopped",
        compute="_compute_would_stop",
        help="Of the deals that people or imports moved on from this stage, or past it, in the last 30 days, and for "
        "which it holds: those for which it was recorded as unmet, or, moved when it was not asked as it is today, "
        "that do not meet it today.",
    )

    # === Computes === #

    @api.depends("stage_id", "kind", "deal_class_ids", "team_ids", "company_id", "active")
    def _compute_would_stop(self):
        figures = self._origin._get_would_stop()
        for requirement in self:
            count, total = figures.get(requirement._origin, (0, 0))
            requirement.would_stop_count, requirement.would_stop_total = count, total
            requirement.would_stop_label = self.env._("%(count)s of %(total)s", count=count, total=total)

    # === ORM === #

    def write(self, vals):
        if not ASKING.isdisjoint(vals):
            vals = {"asked_since": self.env.cr.now(), **vals}
        return super().write(vals)

    # === Figures === #

    def _get_would_stop(self):
        """How many deals these requirements would have stopped in the last 30 days, and how many they look at.

        The number of queries grows with the requirements that some deals were not asked, not with the deals.

        :rtype: dict[sales.stage.requirement, tuple[int, int]]
        """
        moves = self._get_counted_moves()
        # sudo: the figure is that of the whole company, to whoever may see the settings.
        leads = self.env["crm.lead"].sudo().browse({move.lead_id for move in moves})
        order = self.env["crm.stage"]._get_stage_order()
        by_stage = defaultdict(list)
        for move in moves:
            by_stage[move.from_stage_id].append(move)
            if move.skipped_count:
                for stage_id in order.get_between(move.from_stage_id, move.to_stage_id, move.team_id):
                    by_stage[stage_id].append(move)
        return {
            requirement: requirement._count_would_stop(by_stage[requirement.stage_id.id], leads) for requirement in self
        }

    def _count_would_stop(self, moves, leads):
        scope = self._get_scope()._replace(active_from=None)
        looked_at = leads.browse({move.lead_id for move in moves}).with_prefetch(leads._prefetch_ids)
        lead_ids = {lead.id for lead in looked_at if lead._is_in_requirement_scope(scope)}
        stopped, unknown = set(), set()
        for move in moves:
            if move.lead_id in lead_ids:
                if not self._was_asked(move):
                    unknown.add(move.lead_id)
                elif self.id in move.warned_ids:
                    stopped.add(move.lead_id)
        unknown = leads.browse(unknown - stopped)
        if unknown and self._is_usable():
            states = unknown._get_requirement_state(self.sudo())  # sudo: as above
            stopped.update(lead.id for lead in unknown if not states[lead].is_met)
        return len(stopped), len(lead_ids)

    def _was_asked(self, move):
        """:return: whether a deal was asked at a move what this requirement asks today"""
        if not self.active or move.moved_at < self.asked_since:
            return False
        if not self.active_from:
            return True
        lead = self.env["crm.lead"].sudo().browse(move.lead_id)  # sudo: as above
        zone = lead._get_process_company()._get_sales_zone().zone
        return self.active_from <= fields.Datetime.context_timestamp(self.with_context(tz=zone), move.moved_at).date()

    def _get_counted_moves(self):
        """:return: the moves of the last 30 days past the stages of these requirements, as values: they are many
        :rtype: list[CountedMove]
        """
        # sudo: as above.
        moves = self.env["sales.stage.move"].sudo()
        query = moves._search(self._get_would_stop_domain())
        names = ["id", *CountedMove._fields[:-1]]
        columns = [moves._field_to_sql(moves._table, name, query) for name in names]
        rows = self.env.execute_query(query.select(*columns))
        relation = moves._fields["warned_requirement_ids"]
        warned = defaultdict(set)
        for move_id, requirement_id in self.env.execute_query(
            SQL(
                "SELECT %(move)s, %(requirement)s FROM %(table)s WHERE %(requirement)s = ANY(%(ids)s)",
                move=SQL.identifier(relation.column1),
                requirement=SQL.identifier(relation.column2),
                table=SQL.identifier(relation.relation),
                ids=self.ids,
            )
        ):
            warned[move_id].add(requirement_id)
        return [CountedMove(*row[1:], warned.get(row[0], ())) for row in rows]

    def _get_would_stop_domain(self):
        return (
            (Domain("from_stage_id", "in", self.stage_id.ids) | Domain("skipped_count", ">", 0))
            & Domain("direction", "in", ("forward", "won"))
            & Domain("origin", "in", ("user", "import"))
            & Domain("moved_at", ">=", fields.Datetime.now() - timedelta(days=30))
        )
