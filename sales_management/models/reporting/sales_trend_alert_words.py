from babel.dates import format_skeleton

from odoo import api, models
from odoo.tools import formatLang
from odoo.tools.misc import babel_locale_parse, get_lang

from odoo.addons.sales_management.const import MONEY_METRICS

#: From this amount on cents are not said.
WHOLE_FROM = 100


class SalesTrendAlert(models.Model):
    """What an alert says, in the language of whoever reads it."""

    _inherit = "sales.trend.alert"

    # === Words === #

    @api.depends("metric", "subject", "date_from")
    @api.depends_context("lang")
    def _compute_name(self):
        metrics = dict(self._fields["metric"]._description_selection(self.env))
        for alert in self:
            alert.name = " · ".join((alert._get_subject_name(), metrics[alert.metric], alert._get_month_name()))

    @api.depends("name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for alert in self:
            alert.display_name = alert.name

    @api.depends("deviation", "value", "mean", "is_new")
    @api.depends_context("lang")
    def _compute_deviation_label(self):
        for alert in self:
            if alert.is_new:
                alert.deviation_label = self.env._("Nothing Before")
            elif alert._is_gone():
                alert.deviation_label = self.env._("None Any More")
            elif alert.mean > 0:
                sign = "+" if alert.deviation > 0 else "−"
                alert.deviation_label = self.env._("%(value)s %%", value=sign + alert._format_share())
            else:
                alert.deviation_label = "+" if alert.direction == "over" else "−"

    @api.depends("metric", "subject", "date_from", "date_to", "value", "mean", "deviation", "direction", "is_new")
    @api.depends_context("lang")
    def _compute_sentence(self):
        for alert in self:
            alert.sentence = alert._get_sentence()

    def _get_sentence(self):
        """:return: what the figure is, and how far from the mean, in the language of the environment
        :rtype: str
        """
        self.ensure_one()
        words = {"subject": self._get_subject_name(), "figure": self._get_figure(), "month": self._get_month_name()}
        if self.is_new:
            return self.env._(
                "%(subject)s: %(figure)s in %(month)s, after nothing in the three months before.", **words
            )
        words |= {"mean": self._format_figure(self.mean)}
        if self._is_gone():
            return self.env._(
                "%(subject)s: %(figure)s in %(month)s, after a mean of %(mean)s in the three months before.",
                **words,
            )
        if self.mean <= 0 and self.direction == "over":
            return self.env._(
                "%(subject)s: %(figure)s in %(month)s, over the mean of the three months before, %(mean)s.", **words
            )
        if self.mean <= 0:
            return self.env._(
                "%(subject)s: %(figure)s in %(month)s, under the mean of the three months before, %(mean)s.", **words
            )
        words |= {"share": self._format_share()}
        if self.direction == "over":
            return self.env._(
                "%(subject)s: %(figure)s in %(month)s, "
                "%(share)s %% over the mean of the three months before, %(mean)s.",
                **words,
            )
        return self.env._(
            "%(subject)s: %(figure)s in %(month)s, %(share)s %% under the mean of the three months before, %(mean)s.",
            **words,
        )

    def _get_figure(self):
        """:return: what was reached in the month, with the label of its tax
        :rtype: str
        """
        words = {"amount": self._format_figure(self.value)}
        if self.metric == "new_customers":
            return self.env._("1 new customer") if self.value == 1 else self.env._("%(amount)s new customers", **words)
        words["tax"] = self.company_id._get_amount_tax_label(self.amount_tax)
        if self.metric == "ordered":
            return self.env._("ordered %(amount)s (%(tax)s)", **words)
        if self.metric == "invoiced":
            return self.env._("invoiced %(amount)s (%(tax)s)", **words)
        if self.metric == "collected":
            return self.env._("collected %(amount)s (%(tax)s)", **words)
        return self.env._("margin %(amount)s (%(tax)s)", **words)

    def _format_figure(self, value):
        if self.metric not in MONEY_METRICS:
            return formatLang(self.env, value, digits=0 if value == int(value) else 1)
        # Cents of an amount are not read where hundreds differ.
        unit = "units" if abs(value) >= WHOLE_FROM or not value else "decimals"
        return formatLang(self.env, value, currency_obj=self.currency_id, rounding_method="HALF-UP", rounding_unit=unit)

    def _format_share(self):
        return formatLang(self.env, abs(self.deviation), digits=0, rounding_method="HALF-UP")

    def _get_subject_name(self):
        return self._get_subject().with_context(display_default_code=False).display_name or ""

    def _get_month_name(self):
        """:return: the month as people call it, with its days where it is not that of the calendar
        :rtype: str
        """
        locale = babel_locale_parse(get_lang(self.env).code)
        month = format_skeleton("yMMMM", self.date_from, locale=locale)
        if self.date_from.day == 1:
            return month
        first, last = (format_skeleton("MMMd", day, locale=locale) for day in (self.date_from, self.date_to))
        return self.env._("%(month)s (%(first)s – %(last)s)", month=month, first=first, last=last)

    def _is_gone(self):
        return not self.value and self.mean > 0
