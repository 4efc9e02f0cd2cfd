from odoo import api, fields, models
from odoo.tools import SQL

ROLES = [
    ("decider", "Decides"),
    ("payer", "Pays"),
    ("user", "Uses It"),
    ("expert", "Judges the Technique"),
    ("influencer", "Is Asked for Advice"),
    ("gatekeeper", "Opens the Door"),
]
INFLUENCES = [("1", "Little"), ("2", "Some"), ("3", "Much")]
ATTITUDES = [
    ("champion", "Works for Us"),
    ("supportive", "For Us"),
    ("neutral", "Neutral"),
    ("critical", "Has Doubts"),
    ("against", "Against Us"),
]


class SalesDealPerson(models.Model):
    """Somebody who has a say in a deal: in which role, with how much influence, and what they think of us."""

    _name = "sales.deal.person"
    _description = "Person of a Deal"
    _order = "influence desc, id"
    _rec_name = "partner_id"

    lead_id = fields.Many2one("crm.lead", string="Deal", required=True, ondelete="cascade", index=True)
    partner_id = fields.Many2one("res.partner", string="Person", required=True, ondelete="cascade", index=True)
    function = fields.Char(related="partner_id.function")
    role = fields.Selection(ROLES, required=True, default="influencer", help="What this person does for the decision.")
    influence = fields.Selection(
        INFLUENCES, required=True, default="2", help="How much the decision depends on this person."
    )
    attitude = fields.Selection(
        ATTITUDES, help="What this person thinks of buying from us. Empty: nobody asked yet, which is a gap."
    )
    note = fields.Char(help="What matters to this person.")
    last_contact_at = fields.Datetime(
        string="Last Contact",
        compute="_compute_last_contact_at",
        help="The last message between this person and us about the deal. Notes among ourselves do not count.",
    )
    company_id = fields.Many2one(related="lead_id.company_id", store=True, index=True)

    _lead_partner_uniq = models.UniqueIndex(
        "(lead_id, partner_id)", "This person is on the deal already. Change the role there."
    )

    # === Computes === #

    @api.depends("lead_id", "partner_id")
    def _compute_last_contact_at(self):
        found = self._read_last_contacts() if self.lead_id.ids and self.partner_id.ids else {}
        for person in self:
            person.last_contact_at = found.get((person.lead_id._origin.id, person.partner_id._origin.id), False)

    def _read_last_contacts(self):
        """:return: moment by deal and person, in one query however long the history
        :rtype: dict[tuple[int, int], datetime]
        """
        self.env["mail.message"].flush_model(["author_id", "date", "message_type", "model", "res_id", "partner_ids"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT res_id, partner_id, max(date)
                  FROM (SELECT message.res_id, message.author_id AS partner_id, message.date
                          FROM mail_message message
                         WHERE message.model = 'crm.lead' AND message.res_id = ANY(%(leads)s)
                           AND message.author_id = ANY(%(people)s)
                           AND message.message_type IN ('email', 'comment')
                     UNION ALL
                        SELECT message.res_id, recipient.res_partner_id, message.date
                          FROM mail_message message
                          JOIN mail_message_res_partner_rel recipient ON recipient.mail_message_id = message.id
                         WHERE message.model = 'crm.lead' AND message.res_id = ANY(%(leads)s)
                           AND recipient.res_partner_id = ANY(%(people)s)
                           AND message.message_type IN ('email', 'comment', 'email_outgoing')) contact
              GROUP BY res_id, partner_id
                """,
                leads=self.lead_id.ids,
                people=self.partner_id.ids,
            )
        )
        return {(lead, person): moment for lead, person, moment in rows}
