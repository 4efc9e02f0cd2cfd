from odoo import api, models
from odoo.tools import float_compare


class SalesPromiseQuestion(models.Model):
    """How questions come and go with the lines that they are about."""

    _inherit = "sales.promise.question"

    # === Asking === #

    @api.model
    def _ask(self, lines, planners, wished_date=None, comment=None):
        """Ask about these lines; the caller has checked the right. What is asked about already for the same product and
        quantity is not asked twice.

        :param sale.order.line lines: of one or many orders
        :param dict planners: who is asked, by line
        :param date wished_date: for all of them; none for what the customer of each requested
        :param str comment: what is added
        :return: what is asked now
        :rtype: sales.promise.question
        """
        # sudo: nobody creates questions otherwise.
        asked = self.sudo().search([("line_id", "in", lines.ids), ("state", "=", "asked")])
        known = {question.line_id: question for question in asked if question._is_about(question.line_id)}
        (asked - self.sudo().union(*known.values()))._withdraw()
        missing = lines.sudo().filtered(lambda line: line not in known)
        questions = self.sudo().create(
            [self._prepare_question_values(line, planners[line], wished_date, comment) for line in missing]
        )
        questions._tell_planners()
        return (self.sudo().union(*known.values()) | questions).with_env(self.env)

    @api.model
    def _prepare_question_values(self, line, planner, wished_date, comment):
        order = line.order_id
        return {
            "line_id": line.id,
            "company_id": line.company_id.id,
            "product_id": line.product_id.id,
            "quantity": line._get_asked_quantity(),
            "wished_date": wished_date or order.promise_requested_date or (order.commitment_date or False),
            "comment": comment or False,
            "deal_class_id": order.opportunity_id.deal_class_id.id,
            "planner_id": planner.id,
            "asked_by_id": self.env.uid,
        }

    # === Following === #

    def _is_about(self, line):
        """Whether a line still says what was asked."""
        self.ensure_one()
        return self.product_id == line.product_id and not self._compare_quantity(line)

    def _is_answered_for(self, line):
        """Whether an answer holds for what a line says now: for so much of the product, or for less."""
        self.ensure_one()
        return self.product_id == line.product_id and self._compare_quantity(line) >= 0

    def _compare_quantity(self, line):
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return float_compare(self.quantity, line._get_asked_quantity(), precision_digits=digits)

    @api.model
    def _follow_lines(self, lines):
        """Keep questions in step with what their lines say.

        What is not answered yet is withdrawn and asked anew, as the line says it now. An answer holds for less of the
        same product; for more, or for another product, it is withdrawn, and whoever wants it asks again.

        :param sale.order.line lines: that were changed
        """
        # sudo: questions follow their lines, whoever changes these.
        live = self.sudo().search([("line_id", "in", lines.ids), ("state", "in", ("asked", "answered", "declined"))])
        changed = live.filtered(
            lambda question: (
                not (
                    question._is_about(question.line_id)
                    if question.state == "asked"
                    else question._is_answered_for(question.line_id)
                )
            )
        )
        pending = changed.filtered(lambda question: question.state == "asked" and question.line_id.product_uom_qty > 0)
        again = [
            (question.line_id, question.planner_id, question.wished_date, question.comment) for question in pending
        ]
        changed._withdraw()
        for line, planner, wished_date, comment in again:
            if line.product_id:
                self._ask(line, {line: planner}, wished_date, comment)

    @api.model
    def _withdraw_all(self, companies):
        """Nobody waits for an answer any more in these companies. What was answered counts again one day.

        :param res.company companies: that switched promises off
        """
        # sudo: questions follow their company, whoever switches it.
        self.sudo().search([("company_id", "in", companies.ids), ("state", "=", "asked")])._withdraw()

    def _withdraw(self):
        """Nobody needs these any more: their to-dos go, and answers no longer count."""
        live = self.sudo().filtered(lambda question: question.state in ("asked", "answered", "declined"))
        if live:
            # sudo: as in _follow_lines().
            live.write({"state": "withdrawn"})
            live._close_todos()
