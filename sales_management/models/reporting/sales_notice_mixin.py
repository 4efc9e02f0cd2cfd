from odoo import models


class SalesNoticeMixin(models.AbstractModel):
    """Channels of a team hear of the reviews of that team."""

    _inherit = "sales.notice.mixin"

    def _get_notice_teams(self, records):
        if records._name == "sales.review":
            return {record: record.team_ids for record in records}
        return super()._get_notice_teams(records)
