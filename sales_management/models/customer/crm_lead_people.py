from datetime import timedelta

from odoo import api, fields, models

#: Roles that a decision needs somebody for.
NEEDED = ("decider", "payer", "user", "expert")
#: Days without a word after which somebody who matters counts as out of touch.
SILENT_DAYS = 30


class CrmLead(models.Model):
    """The people of a decision, whom we know of them, and what is missing."""

    _inherit = "crm.lead"

    person_ids = fields.One2many("sales.deal.person", "lead_id", string="People", copy=False)
    people_coverage = fields.Char(
        string="Covered",
        compute="_compute_people_coverage",
        help="Of those who decide, pay, use it and judge the technique: for how many roles we know somebody.",
    )
    people_gap = fields.Char(
        string="Next for the People",
        compute="_compute_people_coverage",
        help="What is missing first: somebody for a role, what somebody thinks, or a word with somebody who matters.",
    )
    is_people_used = fields.Boolean(compute="_compute_is_people_used")

    # === Computes === #

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_is_people_used(self):
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_customer_enabled")
        for lead in self:
            lead.is_people_used = (lead.company_id or self.env.company).id in enabled

    @api.depends("person_ids.role", "person_ids.attitude", "person_ids.influence", "person_ids.partner_id", "type")
    @api.depends_context("lang")
    def _compute_people_coverage(self):
        for lead in self:
            used = lead.is_people_used and lead.type == "opportunity"
            known = {person.role for person in lead.person_ids} & set(NEEDED)
            lead.people_coverage = f"{len(known)} / {len(NEEDED)}" if used else False
            lead.people_gap = lead._get_people_gap(known) if used else False

    def _get_people_gap(self, known):
        """What is missing first, in words. To override: say yours before ``super()``'s.

        :param set known: roles that somebody is known for
        :rtype: str | bool
        """
        self.ensure_one()
        roles = dict(self.env["sales.deal.person"]._fields["role"]._description_selection(self.env))
        for role in NEEDED:
            if role not in known:
                return self.env._("Find out: who %(role)s?", role=roles[role].lower())
        # A list, for a sorted recordset forgets what it was read with, and each deal would be asked by itself.
        people = sorted(self.person_ids, key=lambda person: person.influence, reverse=True)
        return self._get_person_gap(people)

    def _get_person_gap(self, people):
        """:param list people: of whom there is one for each role, who matters most first"""
        deciding = [person for person in people if person.influence == "3"]
        since = fields.Datetime.now() - timedelta(days=SILENT_DAYS)
        for person in deciding:
            if person.attitude == "against":
                return self.env._("Win over %(name)s, who is against us.", name=person.partner_id.name)
        for person in people:
            if not person.attitude:
                return self.env._("Ask what %(name)s thinks.", name=person.partner_id.name)
        for person in deciding:
            if not person.last_contact_at or person.last_contact_at < since:
                return self.env._("Get in touch with %(name)s again.", name=person.partner_id.name)
        if all(person.attitude != "champion" for person in people):
            return self.env._("Find somebody who works for us there.")
        return False
