from odoo import api, models

from odoo.addons.sales_management.models.common.sales_setup import SetupState, SetupStep


class SalesSetup(models.AbstractModel):
    """Delivery promises: on or off, and what they would be wrong without."""

    _inherit = "sales.setup"

    @api.model
    def _get_setup_steps(self):
        return [
            *super()._get_setup_steps(),
            SetupStep(
                "promise",
                60,
                self.env._("Delivery Promises"),
                self.env._("Each line says when all of it can be delivered, how sure that is, and why."),
            ),
        ]

    @api.model
    def _get_promise_setup_state(self):
        # sudo: a sales manager sets promises up and need not be allowed to edit companies.
        company = self.env.company.sudo()
        missing = self._get_promise_missing(company)
        if not company.sales_promise_enabled:
            text = " · ".join([self.env._("Nothing is promised yet."), *missing])
            return SetupState("off", text, self.env._("Switch On"), self._switch_promise_on)
        text = " · ".join([self._describe_promise_print(company), *missing])
        return SetupState("todo" if missing else "done", text, self.env._("Look at It"), self._open_promise_settings)

    @api.model
    def _get_promise_missing(self, company):
        """What promises of a company would be wrong or vague without, in words. To override: add yours.

        :rtype: list[str]
        """
        missing = []
        if not company.resource_calendar_id:
            missing.append(self.env._("no working hours: every day counts as a working day"))
        else:
            Exception_ = self.env["sales.calendar.exception"]
            today = self.env["sales.policy"]._get_today(company.id)
            domain = Exception_._get_exception_domain(company.resource_calendar_id, company)
            if not any(day.year == today.year for day in Exception_.search(domain).mapped("date")):
                missing.append(self.env._("no holidays of %(year)s", year=today.year))
        unsupplied = self._count_unsupplied_products(company)
        if unsupplied:
            missing.append(
                self.env._("without a vendor, so that nothing is known beyond stock: %(count)s", count=unsupplied)
            )
        return missing

    @api.model
    def _count_unsupplied_products(self, company):
        """:return: products for sale that stand in stock, of which neither a vendor nor a bill of materials is known
        :rtype: int
        """
        # sudo: who sells need not be allowed to read vendors and bills of materials, and only learns their number.
        Template = self.env["product.template"].sudo()
        companies = ("company_id", "in", (False, company.id))
        domain = [("sale_ok", "=", True), ("is_storable", "=", True), ("seller_ids", "=", False), companies]
        if "bom_ids" in Template._fields:
            domain.append(("bom_ids", "=", False))
        return Template.search_count(domain)

    @api.model
    def _describe_promise_print(self, company):
        printed = dict(company._fields["promise_print"]._description_selection(self.env))[company.promise_print]
        return self.env._("on quotations: %(printed)s", printed=printed)

    @api.model
    def _switch_promise_on(self):
        self.env.company.sudo().sales_promise_enabled = True  # sudo: as above
        return {"type": "ir.actions.client", "tag": "reload"}

    @api.model
    def _open_promise_settings(self):
        """The settings are for administrators: others are shown the quotations that these are for."""
        if self.env.user.has_group("base.group_system"):
            return self._prepare_setup_action("sales_management.res_config_settings_action")
        return self._prepare_setup_action("sale.action_quotations")
