from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

#: Days whose quotations tell what a rule would have stopped.
DAYS = 30
#: More than these are not looked at: the page is to open at once.
LIMIT = 1000


class SalesApprovalRule(models.Model):
    """How strict a rule is, and what it would have stopped."""

    _inherit = "sales.approval.rule"

    level = fields.Selection(
        [("off", "Off"), ("warn", "Warn"), ("block", "Block")],
        compute="_compute_level",
        inverse="_inverse_level",
        help="Off asks nothing; warn lets the quotation go and records that the rule applies; block keeps it until it "
        "is approved.",
    )
    would_stop_count = fields.Integer(
        string="Stopped Quotations",
        compute="_compute_would_stop",
        help="How many quotations of the last 30 days this rule applies to.",
    )
    would_stop_total = fields.Integer(
        string="Out Of", compute="_compute_would_stop", help="Quotations of the last 30 days, at most the last 1,000."
    )
    would_stop_label = fields.Char(
        string="Would Have Stopped",
        compute="_compute_would_stop",
        help="Quotations made in the last 30 days to which this rule applies as they are now, of all of them, at most "
        "the last 1,000.",
    )
    condition_summary = fields.Char(
        string="Applies To", compute="_compute_condition_summary", help="Conditions that must all apply."
    )

    # === Computes === #

    @api.depends("active", "enforcement")
    def _compute_level(self):
        for rule in self:
            rule.level = rule.enforcement if rule.active else "off"

    def _inverse_level(self):
        for level, rules in self.grouped("level").items():
            rules._set_level(level)

    @api.depends_context("uid", "allowed_company_ids")
    @api.depends(lambda self: self._get_scope_fields())
    def _compute_would_stop(self):
        scopes = [rule._get_scope() for rule in self]
        stopped, total = self._count_would_stop(scopes, self.env.companies)
        for rule, count in zip(self, stopped, strict=True):
            rule.would_stop_count, rule.would_stop_total = count, total
            rule.would_stop_label = self.env._("%(count)s of %(total)s", count=count, total=total)

    @api.depends_context("lang")
    @api.depends(lambda self: self._get_scope_fields())
    def _compute_condition_summary(self):
        for rule in self:
            rule.condition_summary = rule._format_conditions()

    @api.model
    def _get_scope_fields(self):
        """:return: fields that decide to which documents a rule applies"""
        names = ("amount_min", "discount_max", "margin_min", "line_margin_min", "payment_days_max", "validity_days_max")
        flags = ("below_floor_price", "category_ids", "is_customer_overdue", "is_before_promise", "has_changed_terms")
        scope = ("company_id", "team_ids", "deal_class_ids", "domain")
        return [*names, *(f"has_{name}" for name in names), *flags, *scope]

    # === Actions === #

    def action_set_off(self):
        """Ask for what these rules look at no longer."""
        self._set_level("off")

    def action_set_warn(self):
        """Let quotations go to which these rules apply, and record it."""
        self._set_level("warn")

    def action_set_block(self):
        """Keep quotations to which these rules apply until they are approved."""
        self._set_level("block")

    def _set_level(self, level):
        if level == "off":
            self.filtered("active").write({"active": False})
            return
        for rule in self:
            changes = {"active": True, "enforcement": level}
            changed = {name: value for name, value in changes.items() if rule[name] != value}
            if changed:
                rule.write(changed)

    # === Figures === #

    @api.model
    def _count_would_stop(self, scopes, companies):
        """What rules would have stopped, whether they are on or not; in a number of queries that does not grow.

        :param Iterable[RuleScope] scopes: the rules
        :param res.company companies: companies whose quotations are counted
        :return: quotations of the last 30 days that each applies to, and all of them
        :rtype: tuple[list[int], int]
        """
        orders = self._get_counted_orders(companies)
        return [len(found) for _scope, found in self._match_scopes(scopes, orders)], len(orders)

    @api.model
    def _get_counted_orders(self, companies):
        """:return: quotations of the last 30 days, which tell what a rule would have stopped"""
        since = fields.Datetime.now() - timedelta(days=DAYS)
        domain = Domain("create_date", ">=", since) & Domain("company_id", "in", companies.ids)
        # sudo: the figure is that of the company, to whoever may see its rules.
        return self.env["sale.order"].sudo().search(domain, order="id desc", limit=LIMIT)

    def _format_conditions(self):
        """:return: what must apply, in a line"""
        self.ensure_one()
        limits = {
            "amount_min": "≥",
            "discount_max": ">",
            "margin_min": "<",
            "line_margin_min": "<",
            "payment_days_max": ">",
            "validity_days_max": ">",
        }
        labels = self._get_condition_labels()
        texts = [
            f"{labels[name]} {sign} {self._format_limit(name)}" for name, sign in limits.items() if self[f"has_{name}"]
        ]
        flags = ("below_floor_price", "is_customer_overdue", "is_before_promise", "has_changed_terms")
        texts += [labels[name] for name in flags if self[name]]
        if self.category_ids:
            texts.append(", ".join(self.category_ids.mapped("name")))
        if self.domain and self.domain != "[]":
            texts.append(self.env._("a condition"))
        return " · ".join(texts) or self.env._("every quotation")

    @api.model
    def _get_condition_labels(self):
        return {
            "amount_min": self.env._("amount"),
            "discount_max": self.env._("effective discount"),
            "margin_min": self.env._("margin"),
            "line_margin_min": self.env._("margin of a line"),
            "payment_days_max": self.env._("payment days"),
            "validity_days_max": self.env._("days of validity"),
            "below_floor_price": self.env._("under the floor price"),
            "is_customer_overdue": self.env._("the customer owes"),
            "is_before_promise": self.env._("earlier than possible"),
            "has_changed_terms": self.env._("changed terms"),
        }

    def _format_limit(self, name):
        if name in ("discount_max", "margin_min", "line_margin_min"):
            return self._format_percent(self[name])
        return f"{self[name]:,.0f}"
