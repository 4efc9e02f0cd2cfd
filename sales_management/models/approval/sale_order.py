from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import clean_context

#: States in which a quotation may go to its customer.
RELEASED_STATES = ("not_required", "approved", "grandfathered")
#: States of a quotation whose approval follows its content; what was confirmed or cancelled keeps its own.
OPEN_STATES = ("draft", "sent")
#: Columns that core computes and rules measure by: whoever could write them would answer the rules himself.
MEASURED_COLUMNS = frozenset(
    {"amount_untaxed", "amount_tax", "amount_total", "currency_rate", "margin", "margin_percent"}
)


class Evaluation(NamedTuple):
    """Whether what a quotation says now is approved, and what says so."""

    state: str
    #: Rules that ask for its approval; none where that was answered already.
    rules: models.Model
    #: Rules that only warn.
    warnings: models.Model
    #: The last request for what it says now.
    request: models.Model
    measures: dict

    def get_asking_rules(self):
        """Rules that a request is made by: what was rejected is asked by the same rules when none applies any more."""
        return self.rules or (self.request.rule_ids if self.state == "rejected" else self.rules)


class SaleOrder(models.Model):
    """Whether what a quotation says is approved."""

    _inherit = "sale.order"

    approval_state = fields.Selection(
        [
            ("not_required", "Not Required"),
            ("to_submit", "To Submit"),
            ("pending", "Pending"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
            ("grandfathered", "Before Approval Began"),
        ],
        string="Approval",
        compute="_compute_approval_state",
        store=True,
        copy=False,
        help="Of the content as it is now; of a confirmed order, of the content last approved.",
    )
    approval_digest = fields.Char(
        string="Approved Content", readonly=True, copy=False, help="SHA-256 of what was approved last."
    )
    approval_warning_ids = fields.Many2many(
        "sales.approval.rule",
        "sale_order_approval_warning_rel",
        string="Approval Warnings",
        compute="_compute_approval_state",
        store=True,
        copy=False,
        help="Rules that apply to this quotation and only warn.",
    )
    approval_request_ids = fields.One2many("sales.approval.request", "order_id", string="Requests", readonly=True)
    approval_editor_ids = fields.Json(
        string="Editors",
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="Who wrote what it says since it was approved last: none of them approves it.",
    )

    _approved_when_confirmed = models.Constraint(
        "CHECK (state <> 'sale' OR approval_state IN ('not_required', 'approved', 'grandfathered'))",
        "An order is confirmed only when its approval is not required, or given. Ask for approval first.",
    )

    # === Computes === #

    @api.depends(
        lambda self: [
            "state",
            "approval_digest",
            "approval_request_ids.state",
            *self._get_digest_dependencies(),
        ]
    )
    def _compute_approval_state(self):
        asked = self._filter_approval_followed()
        for order in self - asked:
            order.approval_state = order._origin.approval_state or "not_required"
            if not order.id:
                # What is not stored must have a value; what is stored keeps its own without a query.
                order.approval_warning_ids = order._origin.approval_warning_ids
        evaluations = asked._evaluate_approval(with_warnings=True, with_all_measures=False) if asked else {}
        # Read together, for each is compared with what it was.
        asked.mapped("approval_warning_ids")
        for order, evaluation in evaluations.items():
            order.approval_state = evaluation.state
            order.approval_warning_ids = evaluation.warnings

    # === Evaluation === #

    def _filter_approval_enabled(self):
        """:return: quotations and orders of companies that use approval, found without a query where none does"""
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_approval_enabled")
        # sudo: whether approval is asked depends on nobody's rights.
        return self.filtered(lambda order: order.sudo().company_id.id in enabled) if enabled else self.browse()

    def _filter_approval_followed(self):
        """:return: those whose approval follows what they say: saved, open, of companies that use approval. Orders
        that are created as confirmed are among them, for nobody approved them
        """
        return self._filter_approval_enabled().filtered(
            lambda order: isinstance(order.id, int) and (order.state in OPEN_STATES or not order._origin.approval_state)
        )

    def _evaluate_approval(self, with_warnings=False, with_all_measures=True):
        """Whether these quotations are approved for what they say now, in a number of queries that does not grow with
        them.

        :param bool with_warnings: look for rules that warn on those that are approved as well
        :param bool with_all_measures: measure what no rule looks at, too
        :rtype: dict[sale.order, Evaluation]
        """
        # sudo: the truth is the same for everybody; and no context of a caller has a say in it.
        orders = self.sudo().with_context(clean_context(self.env.context))  # pylint: disable=context-overridden
        answers = orders._get_approval_answers()
        undecided = orders.filtered(lambda order: with_warnings or not answers[order][0])
        rules = orders.env["sales.approval.rule"]
        measures = {}
        if undecided:
            # Read whole and together: of lines read in part, core reads the rest quotation by quotation.
            undecided.order_line.mapped("sequence")
            names = None if with_all_measures else rules._get_needed_measures()
            measures = undecided._get_approval_measures() if names is None else undecided._get_measures(names)
        matching = rules._get_matching_rules(undecided, measures) if undecided else {}
        result = {}
        for order, record in zip(self, orders, strict=True):
            found = matching.get(record, rules)
            asking = found.filtered(lambda rule: rule.enforcement == "block")
            state, request = answers[record]
            result[order] = Evaluation(
                state or ("to_submit" if asking else "not_required"),
                asking,
                found - asking,
                request,
                measures.get(record, {}),
            )
        return result

    def _get_approval_answers(self):
        """What was answered on what these quotations say now.

        :return: state, none where nobody answered it, and the last request for this content
        :rtype: dict[sale.order, tuple[str | None, sales.approval.request]]
        """
        asked = self.filtered(lambda order: order.approval_digest or order.approval_request_ids)
        digests = asked._get_content_digests() if asked else {}
        return {order: order._get_approval_answer(digests.get(order)) for order in self}

    def _get_approval_answer(self, digest):
        self.ensure_one()
        # Not filtered: that would forget that the requests of other quotations are read along with them.
        requests = [request for request in self.approval_request_ids if request.kind == "release"]
        same = [request for request in requests if request.digest == digest]
        request = max(same, key=lambda request: request.id, default=self.approval_request_ids.browse())
        if not digest:
            return None, request
        if digest == self.approval_digest:
            return "grandfathered" if self.approval_state == "grandfathered" else "approved", request
        return {"pending": "pending", "rejected": "rejected"}.get(request.state), request

    def _refresh_approval(self):
        """Look again whether these quotations need approval: rules have changed."""
        orders = self._filter_approval_followed()
        if orders:
            self.env.add_to_compute(self._fields["approval_state"], orders)
            self.env.add_to_compute(self._fields["approval_warning_ids"], orders)
            orders._recompute_recordset(["approval_state", "approval_warning_ids"])

    # === ORM === #

    @api.model
    def _get_computed_only_fields(self):
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_approval_enabled")
        measured = MEASURED_COLUMNS if enabled else frozenset()
        return super()._get_computed_only_fields() | measured | {
            "approval_state",
            "approval_digest",
            "approval_warning_ids",
            "approval_request_ids",
            "approval_editor_ids",
        }

    # === Release === #

    @api.model
    def _get_release_dependencies(self):
        return [*super()._get_release_dependencies(), "approval_state", "approval_digest"]

    @api.model
    def _get_released_domain(self):
        return super()._get_released_domain() & Domain("approval_state", "in", RELEASED_STATES)

    @api.model
    def _is_release_asked(self):
        return bool(
            super()._is_release_asked() or self.env["res.company"]._get_enabled_company_ids("sales_approval_enabled")
        )
