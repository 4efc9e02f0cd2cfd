from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command

from odoo.addons.sales_management.tools.carrying import SoldLine, is_repeat_no_worse
from odoo.addons.sales_management.tools.digest import get_digest

#: Terms of an offer, as conditions of rules look at them.
TERMS = ("payment_term_id", "pricelist_id", "incoterm", "incoterm_location", "note")


class SaleOrder(models.Model):
    """Approvals that still hold: what was agreed to is unchanged or better, so that nobody is asked again."""

    _inherit = "sale.order"

    # === Measures === #

    @api.model
    def _get_measure_methods(self):
        return super()._get_measure_methods() | {"_measure_terms_digest": ("terms_digest",)}

    def _measure_terms_digest(self, memo):
        """What the terms say: a rule about changed terms agreed to these, not to any.

        :param dict memo: what other measures found, by name
        """
        return {
            order: {"terms_digest": get_digest({name: content["order"].get(name) for name in TERMS})}
            for order, content in self._get_content().items()
        }

    # === Carrying === #

    def action_request_approval(self, comment=None):
        """Ask nobody where an earlier approval still holds; as :meth:`action_request_approval` of what is left."""
        self.check_access("write")
        left = self - self._carry_approvals()
        return super(SaleOrder, left).action_request_approval(comment) if left else True

    def _carry_edited(self):
        """Let revisions that are edited go on the approval of those that they replaced. A quotation that was approved
        itself and is edited waits until its approval is requested: what was approved is what it said.
        """
        versions = self._get_versions()
        return self.filtered(lambda order: len(versions[order]) > 1)._carry_approvals()

    def _carry_approvals(self):
        """Let quotations that would have to be submitted go on the approval of what they were before, when that still
        holds: an earlier content, the revision that they replaced, or the order that they repeat.

        :return: those whose approval was carried over
        :rtype: sale.order
        """
        asking = self._get_asking()
        approvals = asking._get_former_approvals() if asking else {}
        asking = asking.filtered(lambda order: order in approvals or order.repeat_of_id)
        carried = self.browse()
        for order, evaluation in (asking._evaluate_approval() if asking else {}).items():
            former, rules = approvals.get(order), evaluation.rules
            if former and order._is_approval_kept(former, rules, evaluation.measures):
                comment = order._describe_carried(former)
            elif order._is_repeat_kept():
                comment = order._describe_carried(None)
            else:
                continue
            order._record_carried(evaluation, comment)
            carried += order
        return carried

    def _describe_carried(self, former):
        # sudo: the numbers of what it stands on are no secret to whoever sees this quotation.
        order = self.sudo()
        if former:
            number = former.sudo().order_id.name  # sudo: as above
            return self.env._("As %(quotation)s was approved: unchanged or better.", quotation=number)
        number = order.repeat_of_id.name
        return self.env._("Repeats %(order)s: prices and terms are unchanged or better.", order=number)

    def _get_asking(self):
        """:return: those of these quotations that need an approval, and have not asked for it"""
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_approval_enabled")
        if not enabled:
            return self.browse()
        return self.filtered(
            lambda order: (
                order.company_id.id in enabled
                and order.state in ("draft", "sent")
                and order.approval_state == "to_submit"
            )
        )

    def _get_former_approvals(self):
        """The last approval of each of these quotations, or of the revisions that they replaced, unless it was
        withdrawn.

        :rtype: dict[sale.order, sales.approval.request]
        """
        # sudo: who approved it counts, whoever may read the request.
        orders = {order: versions.sudo() for order, versions in self._get_versions().items()}
        domain = [("order_id", "in", self.union(*orders.values()).ids), ("state", "=", "approved")]
        requests = self.env["sales.approval.request"].sudo().search(domain, order="id desc")
        withdrawn = requests.filtered(lambda request: "withdrawn" in request.decision_ids.mapped("outcome"))
        result = {}
        for order, family in orders.items():
            found = requests.filtered(lambda request, family=family: request.order_id in family)[:1]
            if found and found not in withdrawn:
                result[order] = found
        return result

    def _is_approval_kept(self, request, rules, measures):
        """Whether an approval of an earlier content holds for this one.

        :param sales.approval.request request: the approval
        :param sales.approval.rule rules: rules that ask for an approval now
        :param dict measures: what is measured now
        :rtype: bool
        """
        if rules - request.rule_ids or not self._is_same_offer((request.snapshot or {}).get("order", {})):
            return False
        return not rules._get_worse_measures(request.measures or {}, measures, self.company_id)

    def _is_same_offer(self, former):
        """:return: whether this quotation is to the same customer and in the same currency as what was offered before

        :param dict former: what was offered, in the format of the digest
        """
        # sudo: who the customer is counts, whoever may see him; and he may be gone.
        order = self.sudo()
        customer = order.env["res.partner"].browse(former.get("partner_id") or ()).exists()
        return (
            customer.commercial_partner_id == order.partner_id.commercial_partner_id
            and former.get("company_id") == order.company_id.id
            and former.get("currency_id") == order.currency_id.id
        )

    # === Repeat orders === #

    def _is_repeat_kept(self):
        """Whether this quotation repeats a recent order at its effective prices and terms, or at better ones.

        :rtype: bool
        """
        former = self.sudo().repeat_of_id  # sudo: what was agreed counts, whoever may read it
        if not former or former.state != "sale" or not self._is_same_offer(former._get_content()[former]["order"]):
            return False
        oldest = fields.Datetime.now() - timedelta(days=self.company_id.approval_repeat_days)
        if former.date_order < oldest or self._get_repeat_terms() != former._get_repeat_terms():
            return False
        return is_repeat_no_worse(former._get_sold_lines(), self.sudo()._get_sold_lines())  # sudo: as above

    def _get_repeat_terms(self):
        order = self._get_content()[self]["order"]
        return [order.get(name) for name in (*TERMS, "fiscal_position_id", "prepayment_percent", "require_payment")]

    def _get_sold_lines(self):
        lines = self._get_digest_lines().filtered(lambda line: not line.display_type)
        return [
            SoldLine(
                key=(line.product_id.id, line.product_uom_id.id, tuple(line.tax_ids.sorted().ids)),
                quantity=line.product_uom_qty,
                net_price=line.price_subtotal / line.product_uom_qty if line.product_uom_qty else line.price_unit,
                discount=line.effective_discount,
            )
            for line in lines
        ]

    # === Recording === #

    def _record_carried(self, evaluation, comment):
        """Let an approval hold for what this quotation says now, and write down why.

        :param Evaluation evaluation: what asks for approval, and what was measured
        :param str comment: what it stands on
        """
        self.ensure_one()
        digest = self._get_content_digests()[self]
        # sudo: nobody writes requests; this one was answered before.
        request = self.env["sales.approval.request"].sudo().create(
            {
                "res_model": "sale.order",
                "res_id": self.id,
                "order_id": self.id,
                "company_id": self.company_id.id,
                "team_id": self.team_id.id,
                "requester_id": self.env.uid,
                "state": "approved",
                "digest": digest,
                "snapshot": self._get_content()[self],
                "measures": evaluation.measures,
                "rule_ids": [Command.set(evaluation.rules.ids)],
            }
        )
        self._add_carried_decision(request, digest, comment)
        # sudo: nobody writes by hand what is approved.
        self.sudo().write({"approval_digest": digest, "approval_editor_ids": []})

    def _add_carried_decision(self, request, digest, comment):
        self.env["sales.approval.decision"]._add_facts(
            [
                {
                    "request_id": request.id,
                    "order_id": self.id,
                    "company_id": self.company_id.id,
                    "user_id": self.env.uid,
                    "outcome": "carried",
                    "comment": comment,
                    "digest": digest,
                }
            ]
        )

    def _after_repeat_created(self):
        result = super()._after_repeat_created()
        self._carry_approvals()
        return result

    def _after_revision_created(self, former):
        """A new revision goes on the approval of the one that it replaced, or on having been there before."""
        result = super()._after_revision_created(former)
        if former.approval_state == "grandfathered":
            digest = self._get_content_digests()[self]
            if digest == (former.approval_digest or former._get_content_digests()[former]):
                # sudo: nobody writes by hand what is approved.
                self.sudo().write({"approval_digest": digest, "approval_state": "grandfathered"})
        self._carry_approvals()
        return result
