from babel.dates import format_date, format_skeleton

from odoo import api, fields, models
from odoo.tools import get_lang, ormcache
from odoo.tools.misc import babel_locale_parse

from odoo.addons.sales_management.tools.promise import PromiseSource


class SalesPromiseEngine(models.AbstractModel):
    """What answers wait for, in the words of the user."""

    _inherit = "sales.promise.engine"

    # === Sources === #

    @api.model
    def _format_source(self, source):
        """Say what a date waits for, in the language of the user.

        To override: answer for kinds of yours in :meth:`_get_source_subject`.

        :param source: :class:`PromiseSource`, the dictionary that it is stored as, or nothing
        :return: words such as *receipt WH/IN/0042 expected December 12, not acknowledged*; empty without a source
        :rtype: str
        """
        if not source:
            return ""
        source = PromiseSource(**source) if isinstance(source, dict) else source
        subject = self._get_source_subject(source)
        date = source.date and self._format_promise_day(fields.Date.to_date(source.date))
        words = self._add_source_flag(subject, date, source)
        if not source.late_by:
            return words
        return self.env._("%(words)s; its vendor may be %(days)s days later", words=words, days=source.late_by)

    @api.model
    def _get_source_subject(self, source):
        """:return: what a source is, without its date
        :rtype: str
        """
        name = source.name
        match source.kind:
            case "stock":
                return self.env._("in stock")
            case "none":
                return self.env._("needs no stock")
            case "transit":
                return self.env._("the way to the customer")
            case "vendor":
                return self.env._("lead time of vendor %(name)s", name=name) if name else self.env._("vendor lead time")
            case "make" if name:
                return self.env._("manufacturing lead time of %(name)s", name=name)
            case "make":
                return self.env._("manufacturing lead time")
            case "planner" if name:
                return self.env._("answer of %(name)s in production", name=name)
            case "planner":
                return self.env._("answer of production")
            case "unknown" if name:
                return self.env._("no vendor and no bill of materials of %(name)s: nobody knows", name=name)
            case "unknown":
                return self.env._("no vendor and no bill of materials: nobody knows")
        return self._get_supply_subject(source)

    @api.model
    def _get_supply_subject(self, source):
        """:return: what a source is that is a document; the name of any other
        :rtype: str
        """
        name = source.name
        match source.kind:
            case "receipt":
                return self.env._("receipt %(name)s", name=name) if name else self.env._("a receipt")
            case "production":
                return self.env._("production %(name)s", name=name) if name else self.env._("a production")
            case "return":
                return self.env._("return %(name)s", name=name) if name else self.env._("a return")
            case "transfer":
                return self.env._("transfer %(name)s", name=name) if name else self.env._("a transfer")
            case "draft" if name:
                return self.env._("request for quotation %(name)s", name=name)
            case "draft":
                return self.env._("a request for quotation")
        return name

    @api.model
    def _add_source_flag(self, subject, date, source):
        words = {"subject": subject, "date": date}
        if source.flag == "overdue":
            if date:
                return self.env._("%(subject)s was expected %(date)s and is overdue", **words)
            return self.env._("%(subject)s, overdue", **words)
        if source.flag == "acknowledged":
            if date:
                return self.env._("%(subject)s expected %(date)s, acknowledged", **words)
            return self.env._("%(subject)s, acknowledged", **words)
        if source.flag == "unacknowledged":
            if date:
                return self.env._("%(subject)s expected %(date)s, not acknowledged", **words)
            return self.env._("%(subject)s, not acknowledged", **words)
        # What is here, needs no stock, or is known to nobody, is expected on no day.
        if not date or source.kind in ("stock", "none", "unknown"):
            return subject
        if source.kind in ("vendor", "make", "transit", "planner"):
            return self.env._("%(subject)s: %(date)s", **words)
        return self.env._("%(subject)s expected %(date)s", **words)

    # === Days === #

    @api.model
    def _format_promise_day(self, day):
        """:return: a day as one says it, with the year only where it is another than this one
        :param datetime.date day: day
        :rtype: str
        """
        is_far = day.year != fields.Date.context_today(self).year
        return self._format_day(get_lang(self.env).code, day, is_far)

    @api.model
    @ormcache("lang", "day", "is_far")
    def _format_day(self, lang, day, is_far):
        # Kept, for a form says it of every line at every key.
        locale = babel_locale_parse(lang)
        if is_far:
            return format_date(day, format="long", locale=locale)
        return format_skeleton("MMMMd", day, locale=locale)
