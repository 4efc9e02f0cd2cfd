from contextlib import contextmanager

from odoo import api, fields, models


class SaleOrder(models.Model):
    """Quotations for which production is asked."""

    _inherit = "sale.order"

    can_ask_production = fields.Boolean(
        compute="_compute_promise_questions", help="Production can be asked about some of its lines."
    )
    promise_question_count = fields.Integer(
        string="Lines Production Was Asked About",
        compute="_compute_promise_questions",
        help="Lines of which the planner was asked, answered or not; those withdrawn are not counted.",
    )

    # === Computes === #

    @api.depends(
        "state",
        "company_id",
        "order_line.promise_date",
        "order_line.promise_confidence",
        "order_line.promise_question_ids.state",
    )
    def _compute_promise_questions(self):
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_promise_enabled")
        used = self.filtered(lambda order: order.company_id.id in enabled and order._origin.id)
        (self - used).can_ask_production = False
        (self - used).promise_question_count = 0
        if not used:
            return
        domain = [("order_id", "in", used._origin.ids), ("state", "!=", "withdrawn")]
        # sudo: who sees a quotation sees what was asked about it.
        questions = self.env["sales.promise.question"].sudo().search_fetch(domain, ["line_id", "order_id", "state"])
        waiting = questions.filtered(lambda question: question.state == "asked").line_id
        by_order = questions.grouped("order_id")
        for order in used:
            lines = order.order_line.filtered(lambda line: line._origin not in waiting)
            order.can_ask_production = any(line._is_askable() for line in lines)
            order.promise_question_count = len(by_order.get(order._origin.sudo(), questions.browse()).line_id)

    # === Actions === #

    def action_open_ask_production(self):
        """:return: dialog that asks production about the lines whose date nothing else tells
        :rtype: dict
        """
        # sudo: as above
        questions = self.env["sales.promise.question"].sudo()
        waiting = questions.search([("order_id", "in", self.ids), ("state", "=", "asked")]).line_id
        lines = self.order_line.filtered(lambda line: line._is_askable() and line not in waiting)
        lines._check_askable()
        return lines._open_ask_production()

    @api.readonly
    def action_view_questions(self):
        """:return: list of what production was asked about these quotations
        :rtype: dict
        """
        action = self.env["ir.actions.actions"]._for_xml_id("sales_management.sales_promise_question_action")
        return action | {"domain": [("order_id", "in", self.ids)], "context": {}}

    # === Following === #

    @contextmanager
    def _around_document_write(self, vals):
        with super()._around_document_write(vals):
            yield
            if vals.get("state") == "cancel":
                self._withdraw_questions()

    @contextmanager
    def _around_document_unlink(self):
        self._filter_promising().order_line._filter_asked().sudo().promise_question_ids.unlink()
        with super()._around_document_unlink():
            yield

    def _withdraw_questions(self):
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_promise_enabled")
        orders = self.filtered(lambda order: order.company_id.id in enabled) if enabled else self.browse()
        if orders:
            # sudo: questions follow their quotations, whoever cancels these.
            questions = self.env["sales.promise.question"].sudo()
            questions.search([("order_id", "in", orders.ids), ("state", "!=", "withdrawn")])._withdraw()

    # === Revisions === #

    def _after_revision_created(self, former):
        result = super()._after_revision_created(former)
        if former._is_answered_once():
            twins = dict(zip(former._get_copiable_order_lines(), self.order_line.sorted("id"), strict=False))
            self.env["sales.promise.question"]._carry(twins)
        return result

    def _after_revision_discarded(self, discarded):
        result = super()._after_revision_discarded(discarded)
        if self._is_answered_once():
            self.env["sales.promise.question"]._carry({line: line for line in self.order_line})
        return result

    def _is_answered_once(self):
        """Whether production answered about these; no query where nobody promises dates."""
        return bool(self.order_line._filter_asked())
