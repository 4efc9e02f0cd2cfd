from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import LazyTranslate

from odoo.addons.sales_management.tools.id_ranges import describe_ids

_lt = LazyTranslate(__name__)

#: Longest list of fields that is kept.
MOST_TEXT = 4000


class SalesCustomerLog(models.Model):
    """Who exported customers, deals or orders, and who gave many of them to somebody else: never changed."""

    _name = "sales.customer.log"
    _inherit = ["sales.fact.mixin"]
    _description = "Export or Change of Owners"
    _order = "id desc"

    _fact_links = ("user_id",)
    _fact_texts = ("detail",)

    kind = fields.Selection([("export", "Export"), ("owner", "Change of Owners")], required=True, readonly=True)
    model = fields.Selection(
        [("res.partner", "Customers and Contacts"), ("crm.lead", "Deals and Leads"), ("sale.order", "Orders")],
        string="Kind of Records",
        required=True,
        readonly=True,
    )
    record_count = fields.Integer(string="Records", readonly=True)
    record_ids_text = fields.Char(string="Which", readonly=True, help="Their IDs in the database.")
    detail = fields.Text(
        readonly=True,
        help="Of an export, the fields. Of a change of owners, how many went from whom to whom.",
    )
    user_id = fields.Many2one("res.users", string="Done By", readonly=True, ondelete="set null", index=True)
    user_name = fields.Char(string="Name", readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    moment = fields.Datetime(string="On", required=True, readonly=True, default=fields.Datetime.now)

    # === Computes === #

    @api.depends("kind", "model", "record_count")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        models_ = dict(self._fields["model"]._description_selection(self.env))
        for fact in self:
            fact.display_name = f"{kinds.get(fact.kind)} · {fact.record_count} · {models_.get(fact.model)}"

    # === Recording === #

    @api.model
    def _get_log_company(self):
        """The company whose log it belongs to: that of the caller, else another of theirs that keeps one.

        To switch to a company that keeps none does not help. Without any, it costs no query.

        :rtype: res.company
        """
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_customer_enabled")
        if enabled and self.env.company.id not in enabled:
            enabled = sorted(enabled.intersection(self.env.user._get_company_ids()))
            return self.env["res.company"].browse(enabled[:1])
        return self.env.company if enabled else self.env["res.company"]

    @api.model
    def _record_export(self, records, field_names):
        """Record that the user exported records; the caller has let them.

        :param models.Model records: of one of the models of ``model``
        :param list[str] field_names: what of them
        """
        company = self._get_log_company()
        if not company or not records:
            return
        fact = self._record_log("export", company, records, ", ".join(map(str, field_names))[:MOST_TEXT])
        self._tell_managers(fact)

    @api.model
    def _record_owners(self, company, model, changes):
        """Record that many records were given to somebody else.

        :param res.company company: whose log it is
        :param str model: name of their model
        :param dict changes: ids of the former and the new user, by id of the record
        """
        changes = {record_id: pair for record_id, pair in changes.items() if pair[0] != pair[1]}
        # sudo: how many count is set by a manager, and asked for by everybody.
        if len(changes) < max(company.sudo().customer_owner_log_count, 1):
            return
        users = self.env["res.users"].sudo().browse({user for pair in changes.values() for user in pair if user})
        names = {user.id: user.name for user in users}
        counts = Counter(changes.values()).most_common()
        lines = [f"{names.get(former, '–')} → {names.get(owner, '–')}: {count}" for (former, owner), count in counts]
        self._record_log("owner", company, self.env[model].browse(changes), "\n".join(lines)[:MOST_TEXT])

    @api.model
    def _record_log(self, kind, company, records, detail):
        ids = set(records.ids)
        return self._add_facts(
            [
                {
                    "kind": kind,
                    "model": records._name,
                    "record_count": len(ids),
                    "record_ids_text": describe_ids(ids),
                    "detail": detail,
                    "user_id": self.env.uid,
                    "company_id": company.id,
                }
            ]
        )

    # === Notices === #

    def _tell_managers(self, fact):
        """Tell managers when one person exported more within a day than the company allows unseen; once a day."""
        # sudo: the person told of neither reads the log nor the settings.
        fact = fact.sudo()
        most = fact.company_id.customer_export_notice
        if not most:
            return
        since = fields.Datetime.now() - timedelta(days=1)
        domain = [
            ("kind", "=", "export"),
            ("user_id", "=", fact.user_id.id),
            ("company_id", "=", fact.company_id.id),
            ("moment", ">", since),
        ]
        [(total,)] = self.sudo()._read_group(domain, aggregates=["record_count:sum"])
        if total <= most or total - fact.record_count > most:
            return
        managers = self.env.ref("sales_team.group_sale_manager").sudo().all_user_ids
        managers = managers.filtered(lambda user: fact.company_id in user.company_ids) - fact.user_id

        def describe(facts):
            # The language is that of the receiver.
            return facts.env._("%(user)s exported %(count)s records within a day.", user=fact.user_name, count=total)

        self.env["sales.notice.mixin"]._send_notice("customer_export", fact, managers, _lt("Large exports"), describe)
