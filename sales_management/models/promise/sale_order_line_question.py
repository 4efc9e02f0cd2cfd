from contextlib import contextmanager

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.sales_management.tools.promise import PromiseResult, PromiseSource, PromiseStep

#: What of a line questions are about.
ASKED_FIELDS = frozenset({"product_id", "product_uom_qty", "product_uom_id"})


class SaleOrderLine(models.Model):
    """Lines for which production is asked."""

    _inherit = "sale.order.line"

    promise_question_ids = fields.One2many(
        "sales.promise.question", "line_id", string="Questions", readonly=True, groups="base.group_user"
    )

    # === Actions === #

    def action_ask_production(self, wished_date=None, note=None):
        """Ask the planner when these can be with the customer: at once where a wished date or a note is given, else by
        a small dialog that asks for both.

        :param wished_date: day, or text in ISO format; none for the requested date of each order
        :param str note: what the planner should know
        :return: the dialog, or an action that says who was asked
        :rtype: dict
        :raise UserError: where there is nothing to ask about, or nobody to ask
        """
        self._check_askable()
        if not wished_date and not note:
            return self._open_ask_production()
        questions = self._ask_production(wished_date, note)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(planners)s: asked when it can be there.",
                    planners=", ".join(questions.sudo().planner_id.mapped("name")),  # sudo: whom one has just asked
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _open_ask_production(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask Production"),
            "res_model": "sales.promise.ask",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_line_ids": self.ids},
        }

    def _ask_production(self, wished_date=None, note=None):
        """Ask the planners of these lines.

        :return: what is asked now
        :rtype: sales.promise.question
        :raise UserError: where there is nothing to ask about, or a date that is none
        """
        self._check_askable()
        try:
            wished_date = fields.Date.to_date(wished_date or None)
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("Give the wished date as 2026-12-31, or none.")) from error
        return self.env["sales.promise.question"]._ask(self, self._get_planners(), wished_date, note)

    # === Checks === #

    def _is_askable(self):
        """Whether production can be asked about this line: nothing better than a draft supply or a lead time tells its
        date, or the company always lets one ask."""
        self.ensure_one()
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_promise_enabled")
        if self.company_id.id not in enabled or self.order_id.state not in ("draft", "sent"):
            return False
        if not self.product_id or self.display_type or self.product_id.type == "service" or self.product_uom_qty <= 0:
            return False
        is_vague = not self.promise_date or self.promise_confidence in (False, "d", "e")
        return is_vague or self.company_id.sudo().promise_ask_always  # sudo: a setting, no secret

    def _check_askable(self):
        """
        :raise AccessError: for orders that the user may not write
        :raise UserError: naming the lines about which there is nothing to ask, or nobody to ask
        """
        # Whoever ships may write orders as well, for their deliveries.
        if not self.env.su and not self.env.user.has_group("sales_team.group_sale_salesman"):
            raise AccessError(self.env._("Only salespeople ask production about quotations. Ask one of them to do it."))
        self.order_id.check_access("write")
        self.check_access("read")
        refused = self.filtered(lambda line: not line._is_askable())
        if refused or not self:
            raise UserError(
                self.env._(
                    "Production is asked about goods of open quotations whose date stock and supply do not tell. "
                    "There is nothing to ask about: %(lines)s",
                    lines=", ".join(line.display_name for line in refused) or self.env._("no line"),
                )
            )
        unplanned = [line.display_name for line, planner in self._get_planners().items() if not planner]
        if unplanned:
            raise UserError(
                self.env._(
                    "Nobody is set to be asked. Have a planner entered in the settings, on the warehouse or on the "
                    "product category: %(lines)s",
                    lines=", ".join(unplanned),
                )
            )

    # === Planners === #

    def _get_planners(self):
        """Who is asked about these lines: the planner of the category of the product or of one above it, else that of
        the warehouse, else that of the company.

        :rtype: dict[sale.order.line, res.users]
        """
        planners = {}
        # sudo: who plans is a setting, which salespeople need not read otherwise.
        for line in self.sudo():
            company = line.company_id
            category = line.product_id.with_company(company).categ_id
            planner = self.env["res.users"]
            while category and not planner:
                planner, category = category.promise_planner_id, category.parent_id
            planner = planner or line.warehouse_id.promise_planner_id or company.promise_planner_id
            is_usable = planner.active and not planner.share and company in planner.company_ids
            planners[line.with_env(self.env)] = planner.with_env(self.env) if is_usable else self.env["res.users"]
        return planners

    # === Following === #

    def _get_asked_quantity(self):
        """:return: quantity of this line in the unit of the product"""
        self.ensure_one()
        uom = self.product_id.uom_id
        return self.product_uom_id._compute_quantity(self.product_uom_qty, uom, round=False) if uom else 0.0

    @contextmanager
    def _around_document_write(self, vals):
        with super()._around_document_write(vals):
            yield
            if not ASKED_FIELDS.isdisjoint(vals):
                asked = self._filter_asked()
                if asked:
                    self.env["sales.promise.question"]._follow_lines(asked)

    @contextmanager
    def _around_document_unlink(self):
        # Through the ORM, for their to-dos and messages would outlive them otherwise.
        self._filter_asked().sudo().promise_question_ids.unlink()
        with super()._around_document_unlink():
            yield

    def _filter_asked(self):
        """Those of these about which production was asked; none, and no query, where nobody promises dates."""
        lines = self._filter_promising()
        if not lines:
            return lines
        # sudo: questions follow their lines, whoever changes these.
        questions = self.env["sales.promise.question"].sudo().search_fetch([("line_id", "in", lines.ids)], ["line_id"])
        return questions.line_id.with_env(self.env)

    # === Promises === #

    def _renew_promises(self):
        """Have the dates of these lines said anew."""
        # sudo: the planner whose answer they follow need not read quotations.
        lines = self.sudo()
        lines._mark_promises()
        lines.mapped("promise_date")

    def _get_line_promises(self):
        """An answer of a planner is the date of its line as long as it counts."""
        promises = super()._get_line_promises()
        lines = {line._origin.id: line for line in self if line._origin.id}
        if not lines:
            return promises
        questions = self.env["sales.promise.question"]
        # sudo: the date of a line is the same whoever reads it.
        domain = questions._get_counting_domain() & Domain("line_id", "in", list(lines))
        for question in questions.sudo().search(domain, order="answered_at, id"):
            line = lines[question.line_id.id]
            if question._is_answered_for(line):
                promises[line] = line._prepare_planner_promise(question, promises.get(line))
        return promises

    def _prepare_planner_promise(self, question, former):
        self.ensure_one()
        planner = question.answered_by_id or question.planner_id
        source = PromiseSource("planner", planner.name, question._get_answered_day().isoformat(), id=question.id)
        step = PromiseStep(question.answered_date, self._get_asked_quantity(), source, "b")
        fence = former.fence if former else None
        return PromiseResult(former.key if former else self, question.answered_date, (step,), "b", source, fence)
