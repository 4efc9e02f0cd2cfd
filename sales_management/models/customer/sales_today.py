from odoo import api, models

#: Before everything else: nobody looks after these.
LEAVERS = 5


class SalesToday(models.AbstractModel):
    """Of sales managers: archived users whose customers nobody looks after, handed over from their rows."""

    _inherit = "sales.today"

    @api.model
    def _get_today_sections(self):
        sections = super()._get_today_sections()
        if not self.env["res.company"]._get_enabled_company_ids(
            "sales_customer_enabled"
        ) or not self.env.user.has_group("sales_team.group_sale_manager"):
            return sections
        leavers, count = self._search_counted("sales.leaver", [], "record_count desc, id")
        return [
            *sections,
            self._prepare_section(
                "leavers",
                LEAVERS,
                self.env._("Leavers"),
                self.env._("1 leaver with customers")
                if count == 1
                else self.env._("%(count)s leavers with customers", count=count),
                count,
                [self._prepare_leaver_row(leaver) for leaver in leavers],
                "danger",
            ),
        ]

    @api.model
    def _prepare_leaver_row(self, leaver):
        return {
            **self._prepare_row(
                "leaver",
                leaver,
                leaver.name,
                self.env["crm.lead"],
                when=self.env._("archived"),
                tone="danger",
                actions=[
                    self._prepare_method_action(
                        "hand_over", self.env._("Hand Over Customers"), leaver, "action_hand_over"
                    )
                ],
            ),
            "note": leaver._describe(),
        }
