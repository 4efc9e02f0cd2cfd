from odoo import api, fields, models

KINDS = [
    ("claimed", "Claimed"),
    ("released", "Released"),
    ("recycled", "Returned for Lack of Contact"),
    ("handed_over", "Handed Over"),
]
#: Field of what changed hands, by its model.
LINKS = {"res.partner": "partner_id", "crm.lead": "lead_id"}


class SalesCustomerClaim(models.Model):
    """Whose a customer became and when, by whom and why: never changed."""

    _name = "sales.customer.claim"
    _inherit = ["sales.fact.mixin"]
    _description = "Claim"
    _order = "id desc"
    _rec_name = "partner_name"

    _fact_links = ("partner_id", "lead_id", "user_id", "former_id", "owner_id")
    _fact_texts = ("reason",)

    kind = fields.Selection(KINDS, required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, ondelete="set null", index="btree_not_null"
    )
    partner_name = fields.Char(string="Name of the Customer", readonly=True)
    lead_id = fields.Many2one("crm.lead", readonly=True, ondelete="set null", index="btree_not_null")
    lead_name = fields.Char(string="Name of the Lead", readonly=True)
    user_id = fields.Many2one("res.users", string="Done By", readonly=True, ondelete="set null")
    user_name = fields.Char(string="Name", readonly=True)
    former_id = fields.Many2one("res.users", string="From", readonly=True, ondelete="set null")
    former_name = fields.Char(string="Former Owner", readonly=True)
    owner_id = fields.Many2one("res.users", string="To", readonly=True, ondelete="set null")
    owner_name = fields.Char(string="New Owner", readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    moment = fields.Datetime(string="On", required=True, readonly=True, default=fields.Datetime.now)
    reason = fields.Char(readonly=True)
    claim_day = fields.Date(readonly=True, help="The day of the claim by the clock of who claimed.")
    claim_number = fields.Integer(string="Claim of the Day", readonly=True)

    # Two claims of one person at the same moment cannot both be the last one that the day allows.
    _claim_number_uniq = models.UniqueIndex(
        "(user_id, claim_day, claim_number) WHERE claim_number > 0",
        "You are claiming another customer at this very moment. Try again.",
    )

    @api.model
    def _record(self, kind, records, former, owner, reason="", numbers=None):
        """Record whose customers or leads became; the caller has checked that they did.

        :param str kind: one of ``KINDS``
        :param records: commercial partners, or leads
        :param dict former: id of the user they were of, by record
        :param dict owner: id of the user they are of now, by record
        :param dict numbers: day and number of the claim, by record
        :rtype: sales.customer.claim
        """
        _ids, first = self.env["res.company"]._get_pool_companies()
        # sudo: of which company a customer is, is no secret from who just got or lost it.
        companies = {record: record.sudo().company_id.id or first or self.env.company.id for record in records}
        if records._name == "crm.lead":
            companies = {
                lead: lead.sudo()._get_pool_company().id or companies[lead] for lead in records
            }  # sudo: as above
        numbers, link = numbers or {}, LINKS[records._name]
        return self._add_facts(
            [
                {
                    "kind": kind,
                    link: record.id,
                    "user_id": self.env.uid,
                    "former_id": former.get(record) or False,
                    "owner_id": owner.get(record) or False,
                    "company_id": companies[record],
                    "reason": reason,
                    "claim_day": numbers.get(record, (False, 0))[0],
                    "claim_number": numbers.get(record, (False, 0))[1],
                }
                for record in records
            ]
        )
