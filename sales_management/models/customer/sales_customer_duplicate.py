from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.sales_management.tools.duplicate_match import match_duplicates

#: Records whose keys are made at once.
BATCH = 2000


class SalesCustomerDuplicate(models.Model):
    """What the scan found: records that may be one customer, for somebody to look at once."""

    _name = "sales.customer.duplicate"
    _description = "Possible Duplicate"
    _order = "state, id desc"

    name = fields.Char(compute="_compute_name")
    partner_ids = fields.Many2many("res.partner", "sales_customer_duplicate_partner_rel", string="Customers")
    lead_ids = fields.Many2many("crm.lead", "sales_customer_duplicate_lead_rel", string="Leads")
    kinds = fields.Char(readonly=True)
    reasons = fields.Char(string="Same", compute="_compute_reasons", help="By what they were known to be alike.")
    signature = fields.Char(readonly=True, index=True, help="Which records they are, so that nobody is asked twice.")
    state = fields.Selection(
        [("open", "To Look At"), ("dismissed", "Not the Same"), ("done", "Solved")],
        default="open",
        required=True,
        readonly=True,
        index=True,
    )
    decided_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    decided_at = fields.Datetime(string="Decided On", readonly=True)

    # === Computes === #

    @api.depends("partner_ids", "lead_ids")
    def _compute_name(self):
        for group in self:
            names = [*group.partner_ids.mapped("display_name"), *group.lead_ids.mapped("display_name")]
            group.name = " · ".join(names[:3])

    @api.depends("kinds")
    @api.depends_context("lang")
    def _compute_reasons(self):
        words = dict(self.env["sales.customer.key"]._fields["kind"]._description_selection(self.env))
        for group in self:
            group.reasons = ", ".join(words.get(kind, kind) for kind in (group.kinds or "").split(", "))

    # === Actions === #

    def action_merge(self):
        """Compare the customers, and merge them by core's own wizard, which keeps what hangs on them.

        :raise UserError: with fewer than two customers
        """
        self.ensure_one()
        if len(self.partner_ids) < 2:
            raise UserError(
                self.env._(
                    "%(name)s: there are no two customers to merge. Merge leads in the pipeline.", name=self.name
                )
            )
        return self.partner_ids.action_open_merge()

    def action_dismiss(self):
        """These are different customers: nobody is asked about them again."""
        self._decide("dismissed")

    def action_solve(self):
        """Somebody saw to it."""
        self._decide("done")

    def _decide(self, state):
        self.write({"state": state, "decided_by_id": self.env.uid, "decided_at": fields.Datetime.now()})

    # === Scan === #

    @api.model
    def _cron_scan(self):
        """Make the keys of all customers and open leads anew, and list who shares them."""
        if not self.env["res.company"]._get_enabled_company_ids("sales_customer_enabled"):
            return
        self._rebuild_keys()
        self._list_groups()

    @api.model
    def _rebuild_keys(self):
        keys = self.env["sales.customer.key"]
        # What is not written yet would be lost with the cache below.
        self.env.flush_all()
        keys.env.cr.execute("DELETE FROM sales_customer_key")
        domains = {
            "res.partner": [("active", "=", True), ("partner_share", "=", True), ("type", "in", (False, "contact"))],
            "crm.lead": [("active", "=", True), ("won_status", "=", "pending")],
        }
        for model, domain in domains.items():
            ids = self.env[model].search(domain, order="id").ids
            for start in range(0, len(ids), BATCH):
                records = self.env[model].browse(ids[start : start + BATCH])
                keys._insert(records._get_duplicate_keys())
                records.invalidate_recordset(flush=False)

    @api.model
    def _list_groups(self):
        """List groups that nobody decided about; those that no longer hold are solved."""
        rows = self.env.execute_query(
            SQL("SELECT kind, value, lead_id, root_id FROM sales_customer_key WHERE kind != 'domain' ORDER BY id")
        )
        # One company with its contacts and leads is one customer.
        of_root = {}
        for kind, value, lead, root in rows:
            key = ("res.partner", root) if root else ("crm.lead", lead)
            of_root.setdefault(key, []).append((kind, value))
        groups = match_duplicates(list(of_root.items())).groups
        found = {self._sign(group.ids): group for group in groups}
        domain = ["|", ("signature", "in", list(found)), ("state", "=", "open")]
        known = self.search(domain)
        new = found.keys() - set(known.mapped("signature"))
        self.create([self._prepare_group(signature, found[signature]) for signature in sorted(new)])
        known.filtered(lambda group: group.state == "open" and group.signature not in found).state = "done"
        # What nobody solved, but was gone for a while.
        known.filtered(lambda group: group.state == "done" and not group.decided_by_id).filtered(
            lambda group: group.signature in found
        ).state = "open"

    @api.model
    def _sign(self, ids):
        return ",".join(f"{'p' if model == 'res.partner' else 'l'}{record}" for model, record in sorted(ids))

    @api.model
    def _prepare_group(self, signature, group):
        return {
            "signature": signature,
            "kinds": ", ".join(dict.fromkeys(reason.kind for reason in group.reasons)),
            "partner_ids": [record for model, record in group.ids if model == "res.partner"],
            "lead_ids": [record for model, record in group.ids if model == "crm.lead"],
        }
