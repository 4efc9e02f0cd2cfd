from odoo import fields, models
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

#: Alerts that a person is told of by their words; of more, that there are more.
LISTED = 10


class SalesTrendAlert(models.Model):
    """Who hears of alerts: managers of all, the leader of a team of those of the team; each once, in one message."""

    _inherit = "sales.trend.alert"

    def _tell(self):
        """Tell of the alerts of a company what was not told yet; of those that are dismissed already, nothing."""
        fresh = self.filtered(lambda alert: alert.state == "open" and not alert.told_at).sorted("id")
        if not fresh:
            return
        notices = self.env["sales.notice.mixin"]
        cause = _lt("Figures far from the mean of the three months before")
        listed, more = fresh._get_told()
        notices._send_notice("trend", self.union(*listed), listed, cause, lambda alerts: alerts._get_sentences())
        notices._send_notice(
            "trend", self.union(*more), more, cause, _lt("This one and more: Alerts in Words lists them all.")
        )
        fresh.told_at = fields.Datetime.now()

    def _get_sentences(self):
        return {alert: alert.sentence for alert in self}

    def _get_told(self):
        """
        :return: who is told of which alert by its words; and of which they are told that it is one of more
        :rtype: tuple[dict[sales.trend.alert, res.users], dict[sales.trend.alert, res.users]]
        """
        nobody = self.env["res.users"]
        # Channels of the company hear of those, whoever else does.
        listed, more = dict.fromkeys(self[:LISTED], nobody), {}
        for user in self._get_receivers():
            readable = self._get_readable(user)
            for alert in readable[:LISTED]:
                listed[alert] = listed.get(alert, nobody) | user
            for alert in readable[LISTED : LISTED + 1]:
                more[alert] = more.get(alert, nobody) | user
        return listed, more

    def _get_receivers(self):
        """Managers of the company, and leaders of the teams; whoever asked for the alerts sees them already."""
        managers = self.env.ref("sales_team.group_sale_manager").sudo().all_user_ids
        people = (managers | self.team_id.sudo().user_id) - self.env.user
        return people.filtered(lambda user: user.active and not user.share and self.company_id in user.company_ids)

    def _get_readable(self, user):
        """:return: those that a person may read, in their order: one query"""
        own = self.with_user(user).with_context(allowed_company_ids=self.company_id.ids)
        return self & own._filtered_access("read").sudo()
