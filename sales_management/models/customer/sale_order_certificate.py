from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.tools import format_date, format_list

from odoo.addons.sales_management.tools.blocker import Blocker
from odoo.addons.sales_management.tools.certificate import CertificateNeed

#: Products that a message names; of more it says how many.
NAMED_PRODUCTS = 3


class MissingCertificate(NamedTuple):
    """A certificate that a quotation lacks.

    :param CertificateNeed need: what asks for it
    :param products: products of the quotation that need it
    :param certificate: the nearest to it that the customer has, or none
    :param str | None state: why that one does not count
    """

    need: CertificateNeed
    products: Any
    certificate: Any
    state: str | None


class SaleOrder(models.Model):
    """What certificates the customer of a quotation lacks for what is on it."""

    _inherit = "sale.order"

    certificate_warning = fields.Text(
        compute="_compute_certificate_warning",
        help="Certificates that the customer needs for these products and does not have valid today.",
    )

    # === Computes === #

    @api.depends("partner_id", "company_id", "state", "order_line.product_id")
    def _compute_certificate_warning(self):
        missing = self.filtered(lambda order: order.state in ("draft", "sent"))._get_missing_certificates()
        for order in self:
            # What the status line of the quotation says is not said twice.
            is_told = order._is_certificate_told()
            messages = [
                order._describe_missing_certificate(found)
                for found in missing.get(order, ())
                if not (is_told and found.need.sending != "off")
            ]
            order.certificate_warning = "\n".join(messages) or False

    def _is_certificate_told(self):
        """:return: whether a status line is shown for this quotation, which tells what keeps it in the company"""
        companies = self.env["res.company"]
        return any(
            self.company_id.id in companies._get_enabled_company_ids(switch) for switch in self._get_release_switches()
        )

    # === Release === #

    @api.model
    def _get_release_dependencies(self):
        return [*super()._get_release_dependencies(), "partner_id", "order_line.product_id"]

    @api.model
    def _is_release_asked(self):
        return bool(super()._is_release_asked() or self.env["sales.certificate.type"]._get_needs())

    def _get_release_blockers(self):
        blockers = super()._get_release_blockers()
        # An order was asked before it became one.
        quotations = self.filtered(lambda order: order.state != "sale")
        for order, missing in quotations._get_missing_certificates().items():
            blockers[order] += order._prepare_certificate_blockers(missing, is_confirmation=False)
        return blockers

    def _get_confirmation_blockers(self):
        blockers = super()._get_confirmation_blockers()
        for order, missing in self._get_missing_certificates().items():
            others = [blocker for blocker in blockers[order] if blocker.code != "certificate"]
            blockers[order] = others + order._prepare_certificate_blockers(missing, is_confirmation=True)
        return blockers

    def _prepare_certificate_blockers(self, missing, is_confirmation):
        self.ensure_one()
        levels = (found.need.strictest if is_confirmation else found.need.sending for found in missing)
        return [
            Blocker(
                code="certificate",
                record=self,
                message=self._describe_missing_certificate(found),
                action=self._prepare_certificate_action(found.need.type_id),
                enforcement=level,
                source=self.env["sales.certificate.type"].browse(found.need.type_id),
            )
            for found, level in zip(missing, levels, strict=True)
            if level != "off"
        ]

    # === Missing === #

    def _get_missing_certificates(self):
        """Certificates that these lack today, where their companies are; no query where nobody asks for any.

        :return: of those that lack one
        :rtype: dict[sale.order, list[MissingCertificate]]
        """
        needs = self.env["sales.certificate.type"]._get_needs()
        if not needs:
            return {}
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_customer_enabled")
        asked = {}
        for order in self.filtered(lambda order: order.company_id.id in enabled):
            if found := order._get_needed_certificates(needs):
                asked[order] = found
        if not asked:
            return {}
        held = self._get_held_certificates(asked)
        result = {order: order._compare_certificates(found, held) for order, found in asked.items()}
        return {order: missing for order, missing in result.items() if missing}

    def _get_needed_certificates(self, needs):
        """:return: products of this quotation by what asks for a certificate for them
        :rtype: dict[CertificateNeed, product.product]
        """
        self.ensure_one()
        # sudo: what is needed does not hang on who may see which product, or whether a customer asks.
        order = self.sudo()
        company_ids = (order.company_id | order.company_id.parent_ids).ids
        asking = [need for need in needs if need.is_asked_by(company_ids)]
        result = {}
        for product in order.order_line.product_id if asking else ():
            category_ids = {int(id_) for id_ in (product.categ_id.parent_path or "").split("/") if id_}
            for need in asking:
                if need.is_needed_for(product.product_tmpl_id._origin.id, category_ids):
                    result[need] = result.get(need, product.browse()) | product
        return result

    def _get_held_certificates(self, asked):
        """:return: what the customers of these have on file, by customer and type
        :rtype: dict[tuple[int, int], sales.customer.certificate]
        """
        customers = self.env["res.partner"].sudo().union(*(order._get_certified_customer() for order in asked))
        type_ids = {need.type_id for needs in asked.values() for need in needs}
        # sudo: what a customer has does not hang on who asks.
        certificates = self.env["sales.customer.certificate"].sudo()
        found = certificates.search([("commercial_partner_id", "in", customers.ids), ("type_id", "in", list(type_ids))])
        return found.grouped(lambda record: (record.commercial_partner_id.id, record.type_id.id))

    def _compare_certificates(self, needed, held):
        self.ensure_one()
        today = self.env["sales.policy"]._get_today(self.company_id.id)
        customer_id = self._get_certified_customer().id
        result = []
        for need, products in needed.items():
            candidates = held.get((customer_id, need.type_id), self.env["sales.customer.certificate"].sudo())
            if any(candidate._is_valid_on(today) for candidate in candidates):
                continue
            # The one that lasts longest is the nearest to a valid one.
            nearest = candidates.sorted(lambda record: (not record.valid_to, record.valid_to or today))[-1:]
            result.append(MissingCertificate(need, products, nearest, nearest and nearest._get_state_on(today)))
        return result

    def _get_certified_customer(self):
        # sudo: whose customer it is does not hang on who asks.
        return self.sudo().partner_id.commercial_partner_id._origin

    # === Words === #

    def _describe_missing_certificate(self, missing):
        """:return: what is missing for which products, and what to do, in words"""
        certificate = missing.certificate.with_context(lang=self.env.lang)
        names = {
            "products": self._name_certified_products(missing.products),
            "customer": self._get_certified_customer().name or "",
            # sudo: whoever is refused hears what is asked for.
            "type": self.env["sales.certificate.type"].sudo().browse(missing.need.type_id).name,
            "number": certificate.number or "",
            "from": format_date(self.env, certificate.valid_from),
            "to": format_date(self.env, certificate.valid_to),
        }
        texts = {
            "refused": self.env._(
                "%(products)s: %(customer)s needs a valid %(type)s, and the register refused %(number)s. Ask the "
                "customer for a valid one, and add it.",
                **names,
            ),
            "expired": self.env._(
                "%(products)s: %(customer)s needs a valid %(type)s, and the last one expired on %(to)s. Ask the "
                "customer for the new one, and add it.",
                **names,
            ),
            "unverified": self.env._(
                "%(products)s: %(customer)s needs a valid %(type)s, and the one on file was not verified. Verify it, "
                "or ask a sales manager to.",
                **names,
            ),
            "future": self.env._(
                "%(products)s: %(customer)s needs a valid %(type)s, and the one on file begins on %(from)s. Wait until "
                "then, or add one that is valid today.",
                **names,
            ),
        }
        return texts.get(missing.state) or self.env._(
            "%(products)s: %(customer)s needs a valid %(type)s, and none is on file. Ask the customer for it, and "
            "add it.",
            **names,
        )

    def _name_certified_products(self, products):
        names = [product.display_name for product in products[:NAMED_PRODUCTS].with_context(lang=self.env.lang)]
        more = len(products) - NAMED_PRODUCTS
        if more > 0:
            names.append(self.env._("%(count)s more", count=more))
        return format_list(self.env, names)

    # === Actions === #

    def action_view_certificates(self):
        """:return: the certificates of the customer of this quotation
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        return self._prepare_certificate_action()

    def _prepare_certificate_action(self, type_id=False):
        customer = self._get_certified_customer()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Certificates of %(customer)s", customer=customer.name or ""),
            "res_model": "sales.customer.certificate",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": [("commercial_partner_id", "=", customer.id)],
            "context": {"default_partner_id": customer.id, "default_type_id": type_id},
        }
