from odoo import api, fields, models


class SalesPromiseAnswer(models.TransientModel):
    """Asks a planner for a date. It answers by the actions of the questions, which check the caller."""

    _name = "sales.promise.answer"
    _description = "Answer to a Question"

    mode = fields.Selection([("answer", "Answer"), ("decline", "Cannot Say")], default="answer", required=True)
    question_ids = fields.Many2many("sales.promise.question", string="Questions", required=True)
    summary = fields.Text(compute="_compute_summary")
    date = fields.Date(
        string="With the Customer On",
        compute="_compute_date",
        store=True,
        readonly=False,
        help="When all of it can be with the customer, the way there included.",
    )
    note = fields.Char(string="Note for sales")

    # === Computes === #

    @api.depends("question_ids")
    def _compute_summary(self):
        for answer in self:
            answer.summary = "\n".join(question._describe() for question in answer._get_questions())

    @api.depends("question_ids")
    def _compute_date(self):
        today = fields.Date.context_today(self)
        for answer in self:
            wished = {question.wished_date for question in answer._get_questions() if question.wished_date}
            answer.date = wished.pop() if len(wished) == 1 and min(wished) >= today else False

    # === Actions === #

    def action_apply(self):
        """Give the answer.

        :return: action that closes the dialog
        :rtype: dict
        """
        questions = self._get_questions()
        if self.mode == "decline":
            questions.action_cannot_say(self.note)
        else:
            questions.action_answer(self.date, self.note)
        return {"type": "ir.actions.act_window_close"}

    # === Tools === #

    def _get_questions(self):
        self.ensure_one()
        questions = self.question_ids._origin
        questions.check_access("read")
        return questions
