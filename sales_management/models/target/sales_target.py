from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, format_date

from odoo.addons.sales_management.const import METRICS, MONEY_METRICS
from odoo.addons.sales_management.tools.sales_period import Span, get_period

PERIODS = [("year", "Year"), ("quarter", "Quarter"), ("month", "Month")]
#: What a target may be narrowed to, by field.
SCOPE = ("team_id", "user_id", "categ_id", "country_id", "state_id")
#: How the label of a period is written.
LABELS = {"year": "yyyy", "quarter": "QQQ yyyy", "month": "MMMM yyyy"}


class SalesTarget(models.Model):
    """What is wanted in a period of a company, a team, a person, a category or a region: a tree of such."""

    _name = "sales.target"
    _inherit = ["sales.tracked.mixin"]
    _description = "Sales Target"
    _order = "date_from desc, metric, level, parent_path, id"
    _parent_store = True

    name = fields.Char(compute="_compute_name")
    parent_id = fields.Many2one("sales.target", string="Part Of", ondelete="cascade", index=True, tracking=True)
    parent_path = fields.Char(index=True)
    level = fields.Integer(compute="_compute_level", store=True, recursive=True, help="How many wholes it is part of.")
    child_ids = fields.One2many("sales.target", "parent_id", string="Parts")
    metric = fields.Selection(
        METRICS,
        required=True,
        default="ordered",
        tracking=True,
        help="Ordered: confirmed orders by their date. Invoiced: posted invoices less credit notes by theirs. "
        "Collected: what customers paid less what they were paid back, by the later day of payment and invoice. "
        "Margin: that of confirmed orders. New customers: those with their first confirmed order. Won deals: by the "
        "day of the win. Activities: those marked done on deals, orders and customers.",
    )
    period_kind = fields.Selection(PERIODS, string="Period", required=True, default="month", tracking=True)
    date_from = fields.Date(string="From", required=True, tracking=True, help="The first day of the period.")
    date_to = fields.Date(string="To", compute="_compute_date_to", store=True, help="The last day of the period.")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="cascade", index=True
    )
    team_id = fields.Many2one("crm.team", string="Sales Team", ondelete="cascade", index=True, tracking=True)
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        ondelete="cascade",
        index=True,
        tracking=True,
        domain="[('share', '=', False)]",
    )
    categ_id = fields.Many2one(
        "product.category", string="Product Category", ondelete="cascade", tracking=True, help="With those below it."
    )
    country_id = fields.Many2one("res.country", ondelete="restrict", tracking=True, help="Where the customer is.")
    state_id = fields.Many2one(
        "res.country.state", string="Region", ondelete="restrict", tracking=True, help="Where the customer is."
    )
    amount = fields.Monetary(string="Target", tracking=True, help="What is wanted: an amount, or how many.")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    child_gap = fields.Monetary(
        string="Not Given to Parts",
        compute="_compute_child_gap",
        help="The target less the sum of its parts. Below zero: the parts want more than the whole.",
    )

    _amount_check = models.Constraint("CHECK (amount >= 0)", "A target is zero or more. Enter such an amount.")
    _scope_uniq = models.UniqueIndex(
        "(company_id, metric, period_kind, date_from, COALESCE(team_id, 0), COALESCE(user_id, 0), "
        "COALESCE(categ_id, 0), COALESCE(country_id, 0), COALESCE(state_id, 0))",
        "There is a target for the same period, people, category and region already. Change that one.",
    )

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
            self._start_period(vals, vals.get("period_kind") or "month", company)
        return super().create(vals_list)

    def write(self, vals):
        if vals.get("date_from") or vals.get("period_kind"):
            for target in self:
                own = {"date_from": target.date_from} | vals
                target._start_period(own, own.get("period_kind") or target.period_kind, target.company_id)
                super(SalesTarget, target).write(own)
            return True
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_without_parts(self):
        kept = self.filtered(lambda target: target.child_ids - self)
        if kept:
            raise UserError(
                self.env._(
                    "These targets have parts. Delete the parts first, or move them to another target: %(targets)s",
                    targets=", ".join(kept.mapped("display_name")),
                )
            )

    @api.model
    def _start_period(self, vals, kind, company):
        """Let a target begin with its period, whatever day of it was named."""
        if vals.get("date_from"):
            day = fields.Date.to_date(vals["date_from"])
            vals["date_from"] = get_period(kind, day, company.sales_month_start or 1).start

    # === Constraints === #

    @api.constrains("parent_id", "metric", "company_id", "period_kind", "date_from", *SCOPE)
    def _check_parent(self):
        problems = []
        for target in self | self.child_ids:
            parent = target.parent_id
            if not parent:
                continue
            within = parent.date_from <= target.date_from and target.date_to <= parent.date_to
            same = (target.metric, target.company_id) == (parent.metric, parent.company_id)
            if not within or not same or any(parent[name] and parent[name] != target[name] for name in SCOPE):
                problems.append(
                    self.env._(
                        "%(target)s is no part of %(whole)s: a part has the same metric and company, lies in the "
                        "period of the whole, and has its team, person, category and region. Change it, or take it "
                        "out.",
                        target=target.display_name,
                        whole=parent.display_name,
                    )
                )
        if problems:
            raise ValidationError("\n".join(problems))

    # === Computes === #

    @api.depends("period_kind", "date_from")
    def _compute_date_to(self):
        for target in self:
            day = target.date_from
            # Its own first day says on which day its months begin, whatever the company says today.
            start = min(day.day, 28) if day else 1
            target.date_to = day and get_period(target.period_kind or "month", day, start).end

    @api.depends("metric", "period_kind", "date_from", *SCOPE)
    @api.depends_context("lang")
    def _compute_name(self):
        metrics = dict(self._fields["metric"]._description_selection(self.env))
        for target in self:
            scope = [target[name].display_name for name in SCOPE if target[name]]
            label = self._get_period_label(target.period_kind or "month", target.date_from)
            target.name = " · ".join(filter(None, [label, metrics.get(target.metric), *scope]))

    @api.depends("parent_id.level")
    def _compute_level(self):
        for target in self:
            target.level = target.parent_id.level + 1 if target.parent_id else 0

    @api.depends("name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for target in self:
            target.display_name = target.name

    @api.depends("metric", "company_id")
    def _compute_currency_id(self):
        for target in self:
            target.currency_id = target.company_id.currency_id if target.metric in MONEY_METRICS else False

    @api.depends("amount", "child_ids.amount")
    def _compute_child_gap(self):
        rows = self._read_group([("parent_id", "in", self.ids)], ["parent_id"], ["amount:sum"])
        given = {parent.id: total for parent, total in rows}
        for target in self:
            target.child_gap = target.amount - given[target.id] if target.id in given else 0.0

    @api.model
    def _get_period_label(self, kind, first):
        """:return: what people call a period, in their language; by the month in which it begins
        :rtype: str
        """
        return first and format_date(self.env, first, date_format=LABELS[kind])

    # === Results === #

    def _get_actuals(self):
        """What was reached of these targets up to now, in one statement whatever their number.

        A target counts what its own scope brought, not what its parts did.

        :return: amounts in company currency as the company counts them, or counts, by id of the target
        :rtype: dict[int, float]
        """
        result = dict.fromkeys(self.ids, 0.0)
        if self.ids:
            self.flush_model()
            result.update((id_, float(amount or 0)) for id_, amount in self.env.execute_query(self._select_actuals()))
        return result

    def _select_actuals(self):
        """:return: query of the ids of these targets, and what was reached of each
        :rtype: SQL
        """
        span = Span(min(self.mapped("date_from")), max(self.mapped("date_to")))
        facts = self.env["sales.result"]._get_facts_query(set(self.mapped("metric")), span)
        narrowed = [
            SQL("(target.%(name)s IS NULL OR target.%(name)s = reached.%(name)s)", name=SQL.identifier(name))
            for name in SCOPE
            if name != "categ_id"
        ]
        return SQL(
            """
            SELECT target.id, sum(reached.amount)
              FROM sales_target target
              JOIN (%(reached)s) reached
                ON reached.metric = target.metric AND reached.company_id = target.company_id
               AND reached.date BETWEEN target.date_from AND target.date_to
             WHERE target.id = ANY(%(ids)s) AND %(narrowed)s AND %(below)s
          GROUP BY target.id
            """,
            reached=self._select_summed(facts),
            ids=self.ids,
            narrowed=SQL(" AND ").join(narrowed),
            below=self._select_below() if self.categ_id else SQL("TRUE"),
        )

    def _select_summed(self, facts):
        """Facts of the span of these targets, summed up by what they ask for before they are compared with it."""
        names = ("metric", "company_id", "date", *SCOPE)
        columns = [SQL.identifier(name) for name in names]
        used = [
            column if name not in SCOPE or self[name] else SQL("NULL::integer AS %s", column)
            for name, column in zip(names, columns, strict=True)
        ]
        return SQL(
            """
            SELECT %(used)s, sum(amount) AS amount
              FROM (%(facts)s) fact
             WHERE company_id = ANY(%(companies)s) AND date BETWEEN %(first)s AND %(last)s
          GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
            """,
            used=SQL(", ").join(used),
            facts=facts,
            companies=self.company_id.ids,
            first=min(self.mapped("date_from")),
            last=max(self.mapped("date_to")),
        )

    @api.model
    def _select_below(self):
        """:return: condition: the category of the fact is that of the target, or below it
        :rtype: SQL
        """
        return SQL(
            """
            (target.categ_id IS NULL OR reached.categ_id IN (
                SELECT below.id
                  FROM product_category category
                  JOIN product_category below ON starts_with(below.parent_path, category.parent_path)
                 WHERE category.id = target.categ_id
            ))
            """
        )
