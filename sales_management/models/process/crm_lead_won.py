from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import groupby, plaintext2html

from odoo.addons.sales_management.tools.blocker import split_blockers


class CrmLead(models.Model):
    """Deals that their confirmed orders win."""

    _inherit = "crm.lead"

    won_activity_id = fields.Many2one(
        "mail.activity", copy=False, readonly=True, ondelete="set null", index="btree_not_null"
    )

    # === ORM === #

    @api.model
    def _get_computed_only_fields(self):
        return super()._get_computed_only_fields() | {"won_activity_id"}

    # === Winning === #

    def _win_by_order(self):
        """Set these deals won, a lost one after it is reopened; a to-do says what is missing where something blocks."""
        deals = self._filter_process_enabled().filtered(
            lambda lead: lead.type == "opportunity" and lead.won_status != "won"
        )
        # What is missing is told in the language of whoever has to get it.
        for lang, leads in groupby(deals, lambda lead: lead._get_todo_user().lang):
            self.browse(lead.id for lead in leads).with_context(lang=lang)._win_or_ask()

    def _win_or_ask(self):
        blockers = {}
        for stage, leads in self._get_won_stages().items():
            blockers |= leads._get_stage_blockers(stage)
        blocking, _warning = split_blockers(blockers)
        blocked = self.browse(lead.id for lead in blocking)
        if ready := self - blocked:
            ready.action_set_won()
        todos = {
            lead: (
                fields.Date.context_today(self),
                self.env._("An order is confirmed: get what is missing, and set the deal won"),
                plaintext2html("\n".join(blocker.message for blocker in found)),
            )
            for lead, found in blocking.items()
            if not lead.won_activity_id.active
        }
        blocked._open_todos("won_activity_id", todos)

    def _get_won_stages(self):
        """The stage in which core wins each of these deals: the next one that is won, else the last of them.

        :return: deals by stage
        :rtype: dict[crm.stage, crm.lead]
        """
        result = {}
        for leads in self.grouped("team_id").values():
            stages = leads[:1]._stage_find(domain=[("is_won", "=", True)], limit=None)
            for lead in leads:
                later = stages.filtered(lambda stage, lead=lead: stage.sequence > lead.stage_id.sequence)
                stage = later[:1] or stages[-1:]
                result[stage] = result.get(stage, self.browse()) | lead
        return result

    # === To-dos === #

    def _after_stage_moves(self, moves):
        result = super()._after_stage_moves(moves)
        deals = self._filter_process_enabled()
        won = moves.filtered(lambda move: move.direction == "won").lead_id & deals
        # sudo: the to-do goes, whoever it is for.
        won.sudo().won_activity_id.filtered("active").unlink()
        return result

    def _get_todo_user(self):
        """Who is told of this deal: its salesperson, else the leader of its team, else whoever is at work.

        :rtype: res.users
        """
        candidates = self.user_id | self.team_id.user_id | self.env.user | self.env["res.users"].browse(SUPERUSER_ID)
        # sudo: whether somebody still works here is no secret to the code that tells them.
        return candidates.sudo().filtered(lambda user: user.active and not user.share)[:1] or self.env.user

    def _open_todos(self, field, todos):
        """Open a to-do on each of these deals, and remember it there.

        :param str field: field of the deal that remembers it
        :param dict[crm.lead, tuple] todos: day, summary and note, by deal
        """
        groups = groupby(todos, lambda lead: (lead._get_todo_user(), *todos[lead]))
        for (user, date, summary, note), leads in groups:
            leads = self.browse(lead.id for lead in leads)
            activities = leads.activity_schedule(
                "mail.mail_activity_data_todo", date_deadline=date, summary=summary, note=note, user_id=user.id
            )
            for activity in activities or ():
                leads.browse(activity.res_id)[field] = activity
