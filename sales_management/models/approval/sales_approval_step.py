from odoo import api, fields, models


class SalesApprovalStep(models.Model):
    """Who is asked, and how many of them must agree. Steps of equal sequence are asked at the same time."""

    _name = "sales.approval.step"
    _description = "Approval Step"
    _order = "rule_id, sequence, id"

    rule_id = fields.Many2one("sales.approval.rule", required=True, ondelete="cascade", index=True)
    name = fields.Char(translate=True, help="Empty: the approvers by name.")
    sequence = fields.Integer(default=10, help="Steps of equal sequence are asked at the same time.")
    approver_kind = fields.Selection(
        [
            ("user", "People"),
            ("group", "Members of a Group"),
            ("team_leader", "Leader of the Sales Team"),
            ("manager", "Manager of the Salesperson"),
        ],
        string="Approver",
        default="team_leader",
        required=True,
    )
    user_ids = fields.Many2many("res.users", string="People", domain=[("share", "=", False)])
    group_id = fields.Many2one("res.groups", ondelete="restrict")
    required = fields.Selection(
        [("any", "Any of Them"), ("all", "All of Them"), ("count", "So Many of Them")],
        string="Agreement",
        default="any",
        required=True,
    )
    required_count = fields.Integer(string="How Many", default=1)
    deadline_hours = fields.Float(
        string="Deadline (Hours)",
        default=8.0,
        help="Working hours until the next level is asked as well. Zero: none. Nothing is ever approved by silence.",
    )

    # === Constraints === #

    @api.constrains("approver_kind", "user_ids", "group_id", "required", "required_count", "deadline_hours")
    def _check_step(self):
        self.rule_id._check_rule()

    def _get_problems(self):
        """What is wrong with these steps.

        :return: messages, each naming the rule
        :rtype: list[str]
        """
        return [problem for step in self for problem in step._get_step_problems()]

    def _get_step_problems(self):
        names = {"rule": self.rule_id.name, "step": self._get_label()}
        problems = []
        if self.approver_kind == "user" and not self.user_ids:
            problems.append(self.env._("%(rule)s, %(step)s: choose the people who approve.", **names))
        if self.approver_kind == "group" and not self.group_id:
            problems.append(self.env._("%(rule)s, %(step)s: choose the group whose members approve.", **names))
        if self.required == "count" and self.required_count < 1:
            problems.append(self.env._("%(rule)s, %(step)s: at least one must agree.", **names))
        if self.required == "count" and self.approver_kind == "user" and self.required_count > len(self.user_ids) > 0:
            names |= {"count": self.required_count, "people": len(self.user_ids)}
            problems.append(
                self.env._("%(rule)s, %(step)s: %(count)s of %(people)s people cannot agree. Name more.", **names)
            )
        if not 0 <= self.deadline_hours <= 8784:
            problems.append(self.env._("%(rule)s, %(step)s: a deadline is of 0 to 8784 hours, a year.", **names))
        return problems

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        rule_ids = {vals["rule_id"] for vals in vals_list if vals.get("rule_id")}
        self.env["sales.approval.rule"].browse(rule_ids)._track_lines("step_ids")
        return super().create(vals_list)

    def write(self, vals):
        self.rule_id._track_lines("step_ids")
        return super().write(vals)

    def unlink(self):
        self.rule_id._track_lines("step_ids")
        return super().unlink()

    # === Showing === #

    @api.depends("name", "approver_kind", "user_ids", "group_id")
    def _compute_display_name(self):
        for step in self:
            step.display_name = step._get_label()

    def _get_label(self):
        """:return: its name, else who approves"""
        self.ensure_one()
        if self.name:
            return self.name
        if self.approver_kind == "user" and self.user_ids:
            return ", ".join(self.user_ids.sudo().mapped("name"))  # sudo: names of approvers are no secret
        if self.approver_kind == "group" and self.group_id:
            return self.group_id.sudo().name  # sudo: as above
        return dict(self._fields["approver_kind"]._description_selection(self.env)).get(self.approver_kind, "")

    def _describe(self):
        """:return: these steps as they stand in the chatter of their rule
        :rtype: str
        """
        required = dict(self._fields["required"]._description_selection(self.env))
        texts = []
        for step in self.sorted():
            agreement = str(step.required_count) if step.required == "count" else required[step.required]
            texts.append(f"{step.sequence}: {step._get_label()} ({agreement}, {step.deadline_hours:g} h)")
        return "; ".join(texts)
