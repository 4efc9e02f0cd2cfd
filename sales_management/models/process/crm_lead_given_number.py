from collections import Counter

from odoo import api, models
from odoo.exceptions import ValidationError

from odoo.addons.sales_management.tools.deal_number import holds_separator


class CrmLead(models.Model):
    """Numbers that come with a new deal, such as those that an import brings from another system."""

    _inherit = "crm.lead"

    # === ORM === #

    @api.model
    def _prepare_document_create_values(self, vals_list):
        vals_list = super()._prepare_document_create_values(vals_list)
        if not any("deal_number" in vals for vals in vals_list):
            return vals_list
        vals_list = [self._clean_deal_number(vals) for vals in vals_list]
        numbers = [vals["deal_number"] for vals in vals_list if "deal_number" in vals]
        # sudo: whoever gives a number need not see the list of retired ones.
        retired = self.env["sales.deal.number"].sudo().search([("name", "in", numbers)])
        self._check_given_deal_numbers(numbers, retired)
        # A deal that was deleted by mistake is back, and its number is its own again.
        retired.unlink()
        return vals_list

    # === Tools === #

    @api.model
    def _clean_deal_number(self, vals):
        """:return: the values with the given number stripped, or without it when it is empty"""
        if "deal_number" not in vals:
            return vals
        vals = dict(vals, deal_number=self._clean_number(vals["deal_number"]))
        if not vals["deal_number"]:
            del vals["deal_number"]
        return vals

    @api.model
    def _clean_number(self, number):
        """:return: a number as text, for an import or a call may bring another type"""
        return str(number or "").strip()

    @api.model
    def _check_given_deal_numbers(self, numbers, retired):
        """Refuse given numbers that cannot be kept as they are, all of them at once.

        :param list[str] numbers: numbers of deals about to be created
        :param sales.deal.number retired: those of them that a deleted deal had: only a sales manager brings it back
        :raise ValidationError: naming every number that is malformed, given twice, or of another deal or one that was
            merged into it
        """
        problems = [
            self.env._(
                "- %(number)s holds a comma or semicolon, which separate numbers: write it without.", number=number
            )
            for number in numbers
            if holds_separator(number)
        ]
        counts = Counter(numbers)
        problems += [
            self.env._(
                "- %(number)s is given to %(count)s of the new deals: keep it on one.", number=number, count=count
            )
            for number, count in counts.items()
            if count > 1
        ]
        problems += self._get_taken_problems(counts)
        if not self.env.su and not self.env.user.has_group("sales_team.group_sale_manager"):
            problems += [
                self.env._(
                    "- %(number)s was the number of a deleted deal: ask a sales manager to bring that deal back, or "
                    "leave the number empty.",
                    number=number,
                )
                for number in retired.mapped("name")
            ]
        if problems:
            raise ValidationError(
                self.env._("These deal numbers cannot be kept:\n%(problems)s", problems="\n".join(problems))
            )

    @api.model
    def _get_taken_problems(self, numbers):
        """:return: a message per number that a deal has, which names it only to those who may read it"""
        problems = []
        found = self._find_by_deal_numbers(numbers)
        readable = self.union(*found.values()).with_env(self.env)._filtered_access("read")
        for number, lead in sorted(found.items()):
            if lead in readable:
                message = self.env._(
                    "- %(number)s is taken by the deal “%(deal)s”: open that one, or leave the number empty.",
                    number=number,
                    deal=lead.name,
                )
            else:
                message = self.env._(
                    "- %(number)s is taken by a deal of another salesperson: ask for it, or leave the number empty.",
                    number=number,
                )
            problems.append(message)
        return problems
