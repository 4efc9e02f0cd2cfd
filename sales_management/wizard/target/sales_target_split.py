from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.sales_management.tools.apportion import get_seasonality, split_by_weights, weigh_actuals
from odoo.addons.sales_management.tools.sales_period import get_period

#: What a target is split by.
KINDS = [
    ("quarter", "Quarters"),
    ("month", "Months"),
    ("team", "Teams"),
    ("person", "People of the Team"),
    ("category", "Product Categories"),
    ("region", "Regions"),
]
METHODS = [
    ("equal", "Equally"),
    ("weight", "By Weights"),
    ("last_year", "By Last Year's Results"),
    ("season", "By Season"),
]
#: Field of a part for each kind that is no period.
FIELDS = {"team": "team_id", "person": "user_id", "category": "categ_id", "region": "state_id"}
#: Years before that say what a season is.
SEASON_YEARS = 3


class SalesTargetSplit(models.TransientModel):
    """A target in parts, before they are made: they sum to it to the cent."""

    _name = "sales.target.split"
    _description = "Split a Target"

    target_id = fields.Many2one("sales.target", required=True, readonly=True, ondelete="cascade")
    kind = fields.Selection(KINDS, string="Into", required=True, compute="_compute_kind", store=True, readonly=False)
    method = fields.Selection(
        METHODS,
        string="How",
        required=True,
        default="last_year",
        help="By last year's results: in proportion to what each brought in the same period of the year before; who "
        "was not there yet counts as the mean. By season: in proportion to the mean share of each month or quarter in "
        "the three years before. In any case the weights can be changed.",
    )
    line_ids = fields.One2many(
        "sales.target.split.line", "split_id", compute="_compute_line_ids", store=True, readonly=False
    )
    weighed = fields.Char(compute="_compute_line_ids", store=True, help="By which weights the amounts were made last.")
    currency_id = fields.Many2one(related="target_id.currency_id")
    amount = fields.Monetary(related="target_id.amount", string="Whole")
    amount_note = fields.Char(related="target_id.amount_note")
    others_amount = fields.Monetary(
        string="In Other Parts", compute="_compute_rest", help="Parts that are there already and not among these lines."
    )
    rest = fields.Monetary(
        string="Not Given Yet", compute="_compute_rest", help="The whole less these lines and its other parts."
    )

    # === Computes === #

    @api.depends("target_id")
    def _compute_kind(self):
        for split in self:
            target = split.target_id
            if target.period_kind in ("year", "quarter"):
                split.kind = "quarter" if target.period_kind == "year" else "month"
            else:
                split.kind = "person" if target.team_id else "team"

    @api.depends("target_id", "kind", "method")
    def _compute_line_ids(self):
        for split in self:
            if split.target_id and split.kind and split.method:
                split.line_ids = [Command.clear(), *(Command.create(vals) for vals in split._prepare_lines())]
                split._split_amounts()

    @api.onchange("line_ids")
    def _onchange_line_ids(self):
        """Follow changed weights; an amount that was typed stays until then."""
        if self.weighed != self._get_weighed():
            self._split_amounts()

    def _get_weighed(self):
        return str([(line.weight, line.is_kept) for line in self.line_ids])

    @api.depends("amount", "line_ids.amount", "target_id")
    def _compute_rest(self):
        for split in self:
            others = split.target_id.child_ids - split.line_ids.existing_id
            split.others_amount = sum(others.mapped("amount"))
            split.rest = split.amount - split.others_amount - sum(split.line_ids.mapped("amount"))

    # === Lines === #

    def _prepare_lines(self):
        """Lines of the parts, with their weights and what is there already.

        :raise UserError: where there is nothing to split by
        """
        self.ensure_one()
        scopes = self._get_scopes()
        weights = self._get_weights(scopes)
        existing = {self._get_key(part): part for part in self.target_id.child_ids}
        lines = []
        for scope, weight in zip(scopes, weights, strict=True):
            part = existing.get(self._get_key(scope))
            lines.append(
                {**scope, "weight": float(weight), "existing_id": part.id if part else False, "is_kept": bool(part)}
            )
        return lines

    @api.model
    def _get_key(self, part):
        """:return: by what a part is the same as another one of the same whole"""
        names = ("team_id", "user_id", "categ_id", "state_id")
        if isinstance(part, dict):
            return (part["date_from"], *(part.get(name) or False for name in names))
        return (part.date_from, *(part[name].id for name in names))

    def _get_scopes(self):
        """:return: period and scope of each part
        :rtype: list[dict]
        :raise UserError: where there is nothing to split by
        """
        self.ensure_one()
        target = self.target_id
        own = {name: target[name].id for name in FIELDS.values() if target[name]}
        if self.kind in ("quarter", "month"):
            period = get_period(target.period_kind, target.date_from, target.date_from.day)
            if self.kind == target.period_kind or target.period_kind == "month":
                raise UserError(
                    self.env._("%(target)s has no shorter periods like these. Split it by people.", target=target.name)
                )
            return [{**own, "date_from": part.start, "period_kind": self.kind} for part in period.split(self.kind)]
        records = self._get_choices()
        if not records:
            raise UserError(self._describe_missing())
        name = FIELDS[self.kind]
        return [
            {**own, name: record.id, "date_from": target.date_from, "period_kind": target.period_kind}
            for record in records
        ]

    def _get_choices(self):
        """:return: whom or what a part is for, by the kind of the split"""
        target = self.target_id
        if self.kind == "team":
            return self.env["crm.team"].search([("company_id", "in", (target.company_id.id, False))])
        if self.kind == "person":
            return target.team_id.member_ids.filtered("active")
        if self.kind == "category":
            return self.env["product.category"].search([("parent_id", "=", target.categ_id.id)])
        sold = self.env["sales.result"]._read_group(self._get_last_year_domain(), ["state_id"], [])
        states = self.env["res.country.state"].union(*(state for (state,) in sold))
        return states.filtered(lambda state: not target.country_id or state.country_id == target.country_id)

    def _describe_missing(self):
        target = self.target_id
        if self.kind == "person" and not target.team_id:
            return self.env._("%(target)s is of no team. Split it by teams first.", target=target.name)
        if self.kind == "person":
            return self.env._("%(team)s has no members. Add some to the team.", team=target.team_id.display_name)
        return self.env._("There is nothing by which %(target)s could be split so.", target=target.name)

    # === Weights === #

    def _get_weights(self, scopes):
        if self.method == "last_year":
            return weigh_actuals(self._get_last_year(scopes, 1))
        if self.method == "season" and self.kind in ("quarter", "month"):
            return get_seasonality([self._get_last_year(scopes, years) for years in range(1, SEASON_YEARS + 1)])
        return [1] * len(scopes)

    def _get_last_year(self, scopes, years):
        """What each part brought so many years before, in one query.

        :return: amounts; none for people and teams that brought nothing, as they may not have been there
        :rtype: list[float | None]
        """
        self.ensure_one()
        domain = self._get_last_year_domain(years)
        results = self.env["sales.result"]
        if self.kind in ("quarter", "month"):
            days = results._read_group(domain, ["date:day"], ["amount:sum"])
            spans = [self._get_years_before(scope["date_from"], scope["period_kind"], years) for scope in scopes]
            return [sum(amount for day, amount in days if first <= day <= last) for first, last in spans]
        name = FIELDS[self.kind]
        groupby = "categ_id" if self.kind == "category" else name
        brought = dict(results._read_group(domain, [groupby], ["amount:sum"]))
        if self.kind == "category":
            return [
                sum(amount for category, amount in brought.items() if self._is_below(category, scope[name]))
                for scope in scopes
            ]
        by_id = {record.id: amount for record, amount in brought.items()}
        return [by_id.get(scope[name]) for scope in scopes]

    @api.model
    def _is_below(self, category, ancestor_id):
        return f"/{ancestor_id}/" in f"/{category.parent_path or ''}"

    @api.model
    def _get_years_before(self, first, kind, years):
        period = get_period(kind, first, first.day)
        for _year in range(years):
            period = period.last_year()
        return period.start, period.end

    def _get_last_year_domain(self, years=1):
        target = self.target_id
        first, last = self._get_years_before(target.date_from, target.period_kind, years)
        domain = [
            ("metric", "=", target.metric),
            ("company_id", "=", target.company_id.id),
            ("date", ">=", first),
            ("date", "<=", last),
        ]
        if target.categ_id:
            domain.append(("categ_id", "child_of", target.categ_id.id))
        names = ("team_id", "user_id", "country_id", "state_id")
        return domain + [(name, "=", target[name].id) for name in names if target[name]]

    def _split_amounts(self):
        """Give the lines amounts by their weights; what is kept and what other parts have is left out."""
        self.ensure_one()
        kept = self.line_ids.filtered("is_kept")
        free = self.line_ids - kept
        for line in kept:
            line.amount = line.existing_id.amount
        others = self.target_id.child_ids - self.line_ids.existing_id
        left = self.target_id.amount - sum((others | kept.existing_id).mapped("amount"))
        unit = Decimal(str(self.currency_id.rounding)) if self.currency_id else Decimal(1)
        total = max(Decimal(str(round(left, 6))), Decimal(0)) // unit * unit
        weights = [max(line.weight, 0.0) for line in free]
        parts = split_by_weights(total, weights, unit).parts if free else []
        for line, part in zip(free, parts, strict=True):
            line.amount = float(part)
        self.weighed = self._get_weighed()

    # === Actions === #

    def action_apply(self):
        """Make the parts, and change those that are not kept.

        :return: action that shows whole and parts
        :rtype: dict
        :raise UserError: for a closed target
        """
        self.ensure_one()
        target = self.target_id
        target._check_open()
        create = [line._prepare_target() for line in self.line_ids if not line.existing_id]
        for line in self.line_ids.filtered(lambda line: line.existing_id and not line.is_kept):
            line.existing_id.amount = line.amount
        self.env["sales.target"].create(create)
        return {
            **self.env["ir.actions.actions"]._for_xml_id("sales_management.sales_target_action"),
            "domain": [("id", "child_of", target.id)],
            "context": {},
        }
