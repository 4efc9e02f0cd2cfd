"""Random years of a sales process, and the same figures counted one by one in Python."""

import random
from datetime import datetime, timedelta
from statistics import quantiles

from odoo import fields

from odoo.addons.sales_management.tests.common import DealCommon

#: Rows as the tables hold them, without a model in between.
MOVES = """
    SELECT move.*, lead.user_id AS owner_id, lead.deal_class_id, COALESCE(class.is_repeat, FALSE) AS is_repeat
      FROM sales_stage_move move
      JOIN crm_lead lead ON lead.id = move.lead_id
 LEFT JOIN sales_deal_class class ON class.id = lead.deal_class_id
     WHERE move.lead_id = ANY(%s)
  ORDER BY move.id
"""
TASKS = """
    SELECT task.*, lead.user_id AS owner_id, lead.team_id, lead.deal_class_id
      FROM sales_deal_task task
      JOIN crm_lead lead ON lead.id = task.lead_id
     WHERE task.lead_id = ANY(%s)
"""


def get_percentile(values, fraction):
    """The continuous percentile, as the standard of SQL has it."""
    values = sorted(values)
    if len(values) < 2:
        return values[0] if values else None
    return quantiles(values, n=100, method="inclusive")[round(fraction * 100) - 1]


def get_rate(part, whole):
    return 100 * part / whole if whole else None


class MeasuresCommon(DealCommon):
    """Deals of two people, teams and classes, with moves and to-dos at random."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = random.Random(19)
        cls.env.user.tz = "UTC"
        cls.env["crm.stage"].search([("id", "!=", False)]).write({"sequence": 0})
        names = ("lead", "contact", "requirements", "proposal", "negotiation", "won")
        cls.stages = cls.env["crm.stage"].create(
            [
                {"name": name.capitalize(), "sales_code": name, "sequence": 10 + position, "is_won": name == "won"}
                for position, name in enumerate(names)
            ]
        )
        cls.classes = cls.env["sales.deal.class"].create([{"name": "Standard"}, {"name": "Repeat", "is_repeat": True}])
        cls.teams = cls.team | cls.other_team
        cls.deals = cls._create_deals(30, stage_id=cls.stages[0].id)
        for deal in cls.deals:
            deal.write(
                {
                    "user_id": cls.random.choice((cls.salesperson, cls.member, cls.leader)).id,
                    "team_id": cls.random.choice(cls.teams).id,
                }
            )
        cls._set_columns(cls.deals, "deal_class_id", lambda: cls.random.choice([*cls.classes.ids, None]))

    @classmethod
    def _set_columns(cls, records, name, get_value):
        """Write what nobody may, or what core sets."""
        cls.env.flush_all()
        for record in records:
            cls.env.cr.execute(f'UPDATE "{records._table}" SET "{name}" = %s WHERE id = %s', [get_value(), record.id])
        cls.env.invalidate_all()

    @classmethod
    def _add_move(cls, deal, source, target, moved_at, **values):
        from_stage, to_stage = cls.stages[source], cls.stages[target]
        direction = "back" if target < source else "won" if to_stage.is_won else "forward"
        return cls.env["sales.stage.move"]._add_facts(
            [
                {
                    "lead_id": deal.id,
                    "from_stage_id": from_stage.id,
                    "to_stage_id": to_stage.id,
                    "moved_at": moved_at,
                    "user_id": cls.salesperson.id,
                    "team_id": deal.team_id.id,
                    "company_id": deal.company_id.id,
                    "direction": direction,
                    "origin": "user",
                    "skipped_count": max(0, target - source - 1),
                    "seconds_in_stage": 3600,
                    **values,
                }
            ]
        )

    @classmethod
    def _add_random_moves(cls, count=240):
        start = datetime(2026, 1, 1)
        for _number in range(count):
            source, target = cls.random.sample(range(len(cls.stages)), 2)
            cls._add_move(
                cls.random.choice(cls.deals),
                source,
                target,
                start + timedelta(minutes=cls.random.randrange(300 * 24 * 60)),
                team_id=cls.random.choice(cls.teams).id,
                origin=cls.random.choice(("user", "user", "import", "system", "merge", "team", "history")),
                seconds_in_stage=cls.random.randrange(40 * 86400),
            )

    @classmethod
    def _add_random_tasks(cls, count=150):
        start = datetime(2026, 1, 1)
        values = []
        for number in range(count):
            opened = start + timedelta(minutes=cls.random.randrange(250 * 24 * 60))
            state = cls.random.choice(("open", "done", "done", "done", "cancelled"))
            due = opened + timedelta(hours=cls.random.randrange(1, 100))
            done = opened + timedelta(hours=cls.random.randrange(1, 150)) if state == "done" else False
            values.append(
                {
                    "name": f"To-do {number}",
                    "lead_id": cls.random.choice(cls.deals).id,
                    "user_id": cls.random.choice((cls.salesperson, cls.member)).id,
                    "company_id": cls.env.company.id,
                    "opened_at": opened,
                    "due_at": due,
                    "done_at": done,
                    "state": state,
                }
            )
        # One that is done in the very second.
        values[0].update(state="done", done_at=values[0]["due_at"])
        return cls.env["sales.deal.task"].create(values)

    def _fetch(self, query, records=None):
        self.env.flush_all()
        self.env.cr.execute(query, [(records or self.deals).ids])
        return self.env.cr.dictfetchall()

    @staticmethod
    def _get_month(moment):
        return fields.Datetime.to_datetime(moment).replace(day=1, hour=0, minute=0, second=0, microsecond=0)

    def _assert_groups(self, report, groupby, aggregate, expected, domain=()):
        """Compare a measure under a grouping with what was counted by hand: a value per key."""
        model = self.env[report]
        groups = model._read_group([("lead_id", "in", self.deals.ids), *domain], groupby, [aggregate])
        found = {}
        for *keys, value in groups:
            key = tuple(getattr(one, "id", one) or None if hasattr(one, "_name") else one for one in keys)
            found[key] = value
        self.assertEqual(found.keys(), expected.keys(), f"{aggregate} by {groupby}")
        for key, value in expected.items():
            self.assertAlmostEqual(found[key] or 0, value or 0, 6, f"{aggregate} by {groupby}, {key}")
