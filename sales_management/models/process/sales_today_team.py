from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.sales_management.const import BOTTLENECK_DAYS

#: People that a manager of many sees, those with the most that is late first.
PEOPLE = 30
#: What is counted of each of them.
COLUMNS = ("late", "due", "quiet")


class SalesToday(models.AbstractModel):
    """What the people of a leader have to do, and where deals are stuck."""

    _inherit = "sales.today"

    @api.model
    def _get_team_summary(self):
        people = self._get_led_people()
        if people is None:
            return super()._get_team_summary()
        counts = self._count_by_person(people)
        names = self.env["res.users"].sudo().browse(counts)  # sudo: names of the people that one leads
        rows = [
            {"user_id": user.id, "name": user.name, "deals": self._prepare_person_action(user), **counts[user.id]}
            for user in names
        ]
        rows.sort(key=lambda row: (-row["late"], -row["due"], -row["quiet"], row["name"]))
        return {"people": rows[:PEOPLE], "bottleneck": self._get_bottleneck(people)}

    @api.model
    def _get_led_people(self):
        """Whose work this user answers for: the members of the teams that they lead; of a manager, everybody.

        :return: ids of users, none at all for who leads nobody, an empty list for everybody
        :rtype: list[int] | None
        """
        teams = self.env["crm.team"].search([("user_id", "=", self.env.uid)])
        if self.env.user.has_group("sales_team.group_sale_manager"):
            return []
        if not teams or not self.env.user.has_group("sales_management.group_team"):
            return None
        # sudo: who leads a team may see who belongs to it.
        return list(dict.fromkeys([*teams.sudo().crm_team_member_ids.user_id.ids, self.env.uid]))

    @api.model
    def _count_by_person(self, people):
        """:return: ``late``, ``due`` and ``quiet`` by the id of the user
        :rtype: dict[int, dict[str, int]]
        """
        # A person with nothing to do is shown as well.
        counts = {user_id: dict.fromkeys(COLUMNS, 0) for user_id in people}
        led = Domain("user_id", "in", people) if people else Domain("user_id", "!=", False)
        sources = [("quiet", "crm.lead", self._get_quiet_domain())]
        for column, is_late in (("late", True), ("due", False)):
            sources += [
                (column, "sales.deal.task", self._get_task_domain(is_late)),
                (column, "mail.activity", self._get_activity_domain(is_late)),
                (column, "crm.lead", self._get_next_step_domain(is_late)),
            ]
        for column, model, domain in sources:
            for user, count in self.env[model]._read_group(domain & led, ["user_id"], ["__count"]):
                counts.setdefault(user.id, dict.fromkeys(COLUMNS, 0))[column] += count
        return counts

    @api.model
    def _get_bottleneck(self, people):
        """:return: the stage in which the most deals have been for too long, in words and with them; none without any
        :rtype: dict | bool
        """
        leads = self.env["crm.lead"]
        domain = (
            leads._get_open_deal_domain()
            & leads._get_process_domain()
            & Domain("date_last_stage_update", "<", fields.Datetime.now() - timedelta(days=BOTTLENECK_DAYS))
            & (Domain("user_id", "in", people) if people else Domain.TRUE)
        )
        domain &= Domain("stage_id", "!=", False)
        groups = leads._read_group(domain, ["stage_id"], ["__count", "id:array_agg"], order="__count DESC", limit=1)
        if not groups:
            return False
        [(stage, count, lead_ids)] = groups
        text = self.env._(
            "%(stage)s, %(count)s in it for more than %(days)s d",
            stage=stage.name,
            days=BOTTLENECK_DAYS,
            count=count,
        )
        return {"text": text, "deals": self._prepare_deals_action(stage.name, [("id", "in", lead_ids)])}

    @api.model
    def _prepare_person_action(self, user):
        domain = self.env["crm.lead"]._get_open_deal_domain() & Domain("user_id", "=", user.id)
        return self._prepare_deals_action(user.name, list(domain))

    @api.model
    def _prepare_deals_action(self, name, domain):
        """:return: action that lists deals"""
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "crm.lead",
            "views": [[False, "list"], [False, "kanban"], [False, "form"]],
            "domain": domain,
        }
