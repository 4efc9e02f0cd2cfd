from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.sales_management.tools.deal_number import join_numbers, split_numbers

#: Dates that an import may bring with a new deal, and that nobody writes later.
BROUGHT_DATES = ("deal_opened_on", "date_last_stage_update")


class CrmLead(models.Model):
    """Deals that come from another system with their past: when they began, since when they stand where they stand."""

    _inherit = "crm.lead"

    former_deal_numbers = fields.Char(readonly=False)
    # Editable, for the import to offer it; without this a copy would stand in its stage since then as well.
    date_last_stage_update = fields.Datetime(readonly=False, copy=False)
    deal_opened_on = fields.Datetime(
        string="Opened On",
        copy=False,
        help="When the deal began, as an import brought it; its age counts from then. Empty: it began when it was "
        "created here.",
    )

    # === ORM === #

    @api.model
    def get_import_templates(self):
        return [
            *super().get_import_templates(),
            {
                "label": self.env._("Import Template for Running Deals"),
                "template": "/sales_management/static/xls/running_deals.xlsx",
            },
        ]

    @api.model
    def _get_undefaulted_fields(self):
        return super()._get_undefaulted_fields() | {"deal_opened_on"}

    @api.model
    def _prepare_document_create_values(self, vals_list):
        if not any(vals.keys() & {"former_deal_numbers", *BROUGHT_DATES} for vals in vals_list):
            return super()._prepare_document_create_values(vals_list)
        # An empty cell brings no date: the stage is entered now.
        vals_list = [
            {name: value for name, value in vals.items() if value or name not in BROUGHT_DATES} for vals in vals_list
        ]
        self._check_brought_dates(vals_list)
        if not self._is_importing():
            return super()._prepare_document_create_values(vals_list)
        former = [vals.get("former_deal_numbers") for vals in vals_list]
        vals_list = super()._prepare_document_create_values(
            [{name: value for name, value in vals.items() if name != "former_deal_numbers"} for vals in vals_list]
        )
        if not any(former):
            return vals_list
        numbers = [split_numbers(str(text or "")) for text in former]
        self._check_former_numbers(numbers, [vals.get("deal_number") for vals in vals_list])
        self._retire_former_numbers(numbers, vals_list)
        return [
            {**vals, "former_deal_numbers": join_numbers(found)} for vals, found in zip(vals_list, numbers, strict=True)
        ]

    def _prepare_document_write_values(self, vals):
        if self._is_importing():
            vals = self._drop_known_past(vals)
        vals = super()._prepare_document_write_values(vals)
        brought = [name for name in BROUGHT_DATES if name in vals]
        if not brought or self.env.su or not self._filter_process_enabled():
            return vals
        for name in brought:
            if self._is_date_changed(name, vals[name]) and not self._may_bring_dates(name):
                raise UserError(
                    self.env._(
                        "%(field)s is brought by the import that a deal comes with, and does not change. Leave it "
                        "as it is on:\n%(deals)s",
                        field=self._fields[name]._description_string(self.env),
                        deals=self._format_deals(),
                    )
                )
        return vals

    def _drop_known_past(self, vals):
        """:return: the values without those of a past that these deals have already, or that a cell leaves out"""
        known = {name for name in BROUGHT_DATES if not vals.get(name)}
        numbers = split_numbers(str(vals.get("former_deal_numbers") or ""))
        if not numbers or all(split_numbers(lead.former_deal_numbers) == sorted(numbers) for lead in self):
            known.add("former_deal_numbers")
        return {name: value for name, value in vals.items() if name not in known}

    # === Dates === #

    def _is_date_changed(self, name, value):
        value = fields.Datetime.to_datetime(value or False)
        return any((lead[name] or False) != (value or False) for lead in self)

    @api.model
    def _may_bring_dates(self, name):
        """Since when a deal stands in its stage is history: nobody writes it on a deal that is here already."""
        return name == "deal_opened_on" and self.env.user.has_group("sales_team.group_sale_manager")

    @api.model
    def _check_brought_dates(self, vals_list):
        """Refuse dates that only an import brings, and those that cannot be."""
        names = {name for vals in vals_list for name in BROUGHT_DATES if vals.get(name)}
        if not names:
            return
        allowed = self.env.su or self._is_importing() or self.env.user.has_group("sales_team.group_sale_manager")
        if not allowed and ("deal_opened_on" in names or self._is_process_used()):
            raise UserError(
                self.env._("When a deal began is brought by an import. Leave the date out, or ask a sales manager.")
            )
        now, problems = fields.Datetime.now(), []
        for vals in vals_list:
            dates = [fields.Datetime.to_datetime(vals.get(name) or False) for name in BROUGHT_DATES]
            opened, entered = dates
            late = any(date and date > now for date in dates)
            if late or (opened and entered and entered < opened):
                problems.append(vals.get("name") or "/")
        if problems:
            raise ValidationError(
                self.env._(
                    "A deal begins before it enters its stage, and neither lies in the future. Correct the dates of:\n"
                    "%(deals)s",
                    deals="\n".join(f"- {name}" for name in problems[:20]),
                )
            )

    @api.model
    def _is_process_used(self):
        return bool(self.env["res.company"]._get_enabled_company_ids("sales_process_enabled"))

    # === Former numbers === #

    @api.model
    def _check_former_numbers(self, former, given):
        """Refuse former numbers that another deal has or had, or that stand twice in the file, all of them at once.

        :param list[list[str]] former: former numbers, by new deal
        :param list[str | None] given: numbers that the new deals are given, in the same order
        """
        counts = Counter(number for numbers in former for number in numbers)
        counts.update(number for number in given if number)
        problems = [
            self.env._(
                "- %(number)s stands %(count)s times among the numbers of the file: keep it on one deal.",
                number=number,
                count=count,
            )
            for number, count in counts.items()
            if count > 1
        ]
        problems += self._get_taken_problems({number: 1 for numbers in former for number in numbers})
        if problems:
            raise ValidationError(
                self.env._("These former deal numbers cannot be kept:\n%(problems)s", problems="\n".join(problems))
            )

    @api.model
    def _retire_former_numbers(self, former, vals_list):
        """Let the sequence step round them: another deal would be found by the same number."""
        # sudo: nobody writes retired numbers by hand.
        retired = self.env["sales.deal.number"].sudo()
        numbers = [number for found in former for number in found]
        known = set(retired.search([("name", "in", numbers)]).mapped("name"))
        retired.create(
            [
                {"name": number, "deal_name": vals.get("name"), "company_id": vals.get("company_id")}
                for found, vals in zip(former, vals_list, strict=True)
                for number in found
                if number not in known
            ]
        )
