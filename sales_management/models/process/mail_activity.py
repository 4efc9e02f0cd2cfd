from odoo import api, models

#: What of a mirror its to-do says.
MIRRORED = ("date_deadline", "res_id", "res_model_id", "activity_type_id")


class MailActivity(models.Model):
    """An activity that mirrors a to-do: done with it, and nobody gets rid of the to-do by it."""

    _inherit = "mail.activity"

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        if self._is_process_used():
            planned = activities.filtered(lambda activity: activity.res_model == "crm.lead" and not activity.automated)
            self.env["crm.lead"].browse(planned.mapped("res_id"))._close_tasks_when("next_step")
        return activities

    def write(self, vals):
        """Let the to-do follow: an activity that is put away is done, one that is given to somebody takes it along."""
        is_done = not vals.get("active", True)
        tasks = self.env["sales.deal.task"]
        if is_done or "user_id" in vals or not set(MIRRORED).isdisjoint(vals):
            tasks = self._get_mirrored_tasks()
        if not tasks:
            return super().write(vals)
        if not self.env.su:
            tasks.with_env(self.env)._check_mirror_write(vals)
        result = super().write(vals)
        if is_done:
            tasks.with_env(self.env)._complete()
        elif "user_id" in vals:
            tasks.filtered(lambda task: task.user_id.id != vals["user_id"]).user_id = vals["user_id"]
        return result

    def unlink(self):
        """Who may cancel the to-do cancels it with its activity; else that stays, or comes back."""
        tasks = self._get_mirrored_tasks()
        if not tasks:
            return super().unlink()
        if not self.env.su:
            tasks.with_env(self.env)._check_may_manage()
        result = super().unlink()
        if self.env.su:
            tasks.exists()._open_mirrors()
        else:
            tasks._cancel()
        return result

    # === Mirrors === #

    @api.model
    def _is_process_used(self):
        return bool(self.env["res.company"]._get_enabled_company_ids("sales_process_enabled"))

    def _get_mirrored_tasks(self):
        """Open to-dos that these activities mirror; without any, nothing is asked of the database.

        :rtype: sales.deal.task
        """
        tasks = self.env["sales.deal.task"]
        # Without activities first: core deletes none while it takes the columns of companies away.
        if not self or not self._is_process_used():
            return tasks
        type_id = tasks._get_activity_type_id()
        # sudo: whether it is one, decides what may be done with it.
        mirrors = self.sudo().filtered(lambda activity: activity.activity_type_id.id == type_id)
        return tasks._search_open([("activity_id", "in", mirrors.ids)]) if mirrors else tasks
