from collections import defaultdict
from typing import NamedTuple

from odoo import models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

#: A domain is that of all companies of a group, and stops nobody.
WEAK_KINDS = frozenset({"domain"})
#: Records that a message names; it is read on a phone.
MOST_NAMED = 3


class Match(NamedTuple):
    """Somebody who may be the same customer: the record, and by which keys."""

    record: object
    kinds: tuple


class SalesDuplicateMixin(models.AbstractModel):
    """Customers and leads that are known again when they are saved (撞单)."""

    _name = "sales.duplicate.mixin"
    _description = "Search for Duplicates"

    # === Hooks === #

    def _get_duplicate_keys(self):
        """By what these records are known again.

        :rtype: list[KeyRow]
        """
        return []

    def _get_key_fields(self):
        """:return: fields that decide the keys
        :rtype: frozenset[str]
        """
        return frozenset()

    # === Actions === #

    def action_open_duplicates(self):
        """Open the customers that may be this one, as far as the user may see them.

        :return: their list
        :rtype: dict
        :raise UserError: when the user may see none of them
        """
        self.ensure_one()
        self.check_access("read")
        found = self.env["res.partner"]
        for match in self._find_duplicates().get(self, ()):
            record = match.record
            found |= record if record._name == "res.partner" else record.partner_id
        found = found.with_env(self.env)._filtered_access("read")
        if not found:
            raise UserError(self.env._("You may not see who that is. Ask its owner to share it."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Possible Duplicates"),
            "res_model": "res.partner",
            "domain": [("id", "in", (found | self).ids if self._name == "res.partner" else found.ids)],
            "views": [[False, "list"], [False, "kanban"], [False, "form"]],
            "context": {"create": False},
        }

    def action_request_duplicates(self):
        """Ask the owners of what may be the same customer to share it, by a to-do for each.

        :return: a notification that says who was asked
        :rtype: dict
        :raise UserError: when nobody else owns any of them
        """
        self.ensure_one()
        self.check_access("write")
        owned = {}
        for match in self._find_duplicates().get(self, ()):
            owner = match.record.user_id
            if owner and owner != self.env.user:
                owned.setdefault(owner, match.record)
        if not owned:
            raise UserError(self.env._("%(name)s: nobody else owns a customer like this.", name=self.display_name))
        for owner, record in owned.items():
            record.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=owner.id,
                summary=self.env._("%(user)s works with this customer as well", user=self.env.user.name),
                note=self.env._("Agree on who looks after it: %(name)s.", name=self.display_name),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Asked: %(owners)s", owners=", ".join(owner.name for owner in owned)
                ),
            },
        }

    # === Saving === #

    def _is_looking_for_duplicates(self):
        """Whether the company of whoever saves wants to know; nothing is asked where no company does."""
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_customer_enabled")
        return self.env.company.id in enabled and self.env.company.sudo().customer_duplicate_mode != "off"

    def _follow_keys(self):
        """Keep the keys of these records, and refuse them where the company says so.

        :raise UserError: naming all that was found, by owner and date
        """
        # sudo: keys are those of all customers, whoever may see them.
        self._keep_keys()
        if self.env.company.sudo().customer_duplicate_mode == "block" and not self._may_keep_duplicates():
            self._check_duplicates()

    def _keep_keys(self):
        rows = self.sudo()._get_duplicate_keys()
        is_lead = self._name == "crm.lead"
        keys = self.env["sales.customer.key"].sudo()
        keys._replace(rows, leads=self.ids) if is_lead else keys._replace(rows, partners=self.ids)

    def _may_keep_duplicates(self):
        """Managers see the warning and decide; what the system does by itself is for the work list."""
        return self.env.su or self.env.user.has_group("sales_team.group_sale_manager")

    def _check_duplicates(self):
        problems = []
        for record, matches in self._find_duplicates().items():
            strong = [match for match in matches if not WEAK_KINDS.issuperset(match.kinds)]
            if strong:
                words = "\n".join(record._describe_match(match) for match in strong[:MOST_NAMED])
                problems.append(f"{record.display_name}\n{words}")
        if problems:
            raise UserError(
                self.env._(
                    "Somebody works with this customer already:\n\n%(problems)s\n\nOpen that one, or ask its owner to "
                    "share it. A sales manager may save it all the same.",
                    problems="\n\n".join(problems),
                )
            )

    # === Looking up === #

    def _find_duplicates(self):
        """Who may be the same as these, as the rules of nobody hide it.

        :return: by record; those without are left out
        :rtype: dict[models.Model, list[Match]]
        """
        is_lead, found = self._name == "crm.lead", defaultdict(lambda: defaultdict(list))
        keys = self.env["sales.customer.key"].sudo()  # sudo: a customer that one may not see is one all the same
        rows = keys._find_matches(leads=self.ids) if is_lead else keys._find_matches(partners=self.ids)
        for partner, lead, kind, other_partner, other_lead in rows:
            own = self.browse(lead if is_lead else partner)
            model, other = ("res.partner", other_partner) if other_partner else ("crm.lead", other_lead)
            found[own][model, other].append(kind)
        return {own: self._prepare_matches(own, others) for own, others in found.items()}

    def _prepare_matches(self, own, others):
        matches = []
        for (model, record_id), kinds in others.items():
            record = self.env[model].sudo().browse(record_id)  # sudo: as above
            if own._is_other_customer(record):
                matches.append(Match(record, tuple(dict.fromkeys(kinds))))
        return sorted(matches, key=lambda match: (-len(match.kinds), match.record._name, match.record.id))

    def _is_other_customer(self, record):
        """Whether a record counts: a lead of the same salesperson, or of one's own customer, is none."""
        if record.company_id and record.company_id not in (self.company_id | self.env.company):
            return False
        return record._name == "res.partner" or record.user_id != self.user_id

    # === Words === #

    def _describe_match(self, match):
        """Whom somebody found, by owner and date; its name only to whoever may see it.

        :rtype: str
        """
        kinds = dict(self.env["sales.customer.key"]._fields["kind"]._description_selection(self.env))
        record = match.record.with_env(self.env)
        name = record.display_name if record.has_access("read") and record._filtered_access("read") else ""
        words = {
            "kinds": ", ".join(kinds[kind] for kind in match.kinds),
            "owner": match.record.user_id.name or self.env._("nobody"),
            "date": format_date(self.env, match.record.create_date),
            "name": name,
        }
        if name:
            return self.env._("• %(name)s, of %(owner)s since %(date)s: same %(kinds)s", **words)
        return self.env._("• a customer of %(owner)s since %(date)s: same %(kinds)s", **words)
