from odoo import api, fields, models
from odoo.tools import SQL, ormcache

#: Answers that are kept at most; then all are forgotten, which costs one slow question.
MOST_KEPT = 200_000


class SalesPromiseEngine(models.AbstractModel):
    """How goods are come by: kept with a signature of all that it was made of, so that it is never stale.

    To plan anew what vendors, bills of materials and routes say takes many times as long as to see that nobody changed
    it. What routes, rules and settings say is forgotten when these change, as all that is cached.
    """

    _inherit = "sales.promise.engine"

    # === Keeping === #

    @api.model
    def _plan_level(self, wishes):
        plan = super()._plan_level
        return self._keep("plan", wishes, lambda missing: plan(missing))

    @api.model
    def _is_to_order(self, requests, terms=None):
        by_wish = {}
        for request in requests:
            # Whatever the quantity.
            wish = self._prepare_wish(request, terms)._replace(quantity=0)
            by_wish.setdefault(wish, []).append(request)
        ask = super()._is_to_order

        def find(missing):
            found = ask([by_wish[wish][0] for wish in missing], terms)
            return {wish: by_wish[wish][0].key in found for wish in missing}

        answers = self._keep("to_order", by_wish, find)
        return {request.key for wish, own in by_wish.items() if answers[wish] for request in own}

    @api.model
    def _keep(self, question, wishes, answer):
        """Answer what is known, and ask the rest.

        :param str question: what is asked
        :param Iterable[Wish] wishes: of what
        :param answer: function that answers for a set of wishes
        :return: answers by wish
        :rtype: dict[Wish, object]
        """
        signatures = self._get_signatures({wish.product for wish in wishes})
        kept, known, missing = self._get_kept(), {}, set()
        scope = (question, self.env.lang, fields.Date.today())
        for wish in wishes:
            signature = signatures.get(wish.product)
            found = kept.get((scope, wish)) if signature else None
            if found and found[0] == signature:
                known[wish] = found[1]
            else:
                missing.add(wish)
        if missing:
            answers = answer(missing)
            if len(kept) > MOST_KEPT:
                kept.clear()
            for wish in missing:
                known[wish] = answers[wish]
                if signatures.get(wish.product):
                    kept[scope, wish] = signatures[wish.product], answers[wish]
        return known

    @api.model
    @ormcache()
    def _get_kept(self):
        """Emptied with all that is cached."""
        return {}

    # === Signatures === #

    @api.model
    def _get_signatures(self, product_ids):
        """Which rows the way to come by products was made of: PostgreSQL writes a row anew at each change.

        Not when they were changed, which a transaction says of all that it writes.

        :return: by product; none for one whose way is too winding to tell
        :rtype: dict[int, str]
        """
        for model in self._get_signed_models():
            self.env[model].flush_model()
        query = SQL(
            """
            SELECT product.id,
                   CASE WHEN bill.is_winding THEN NULL
                        ELSE concat_ws(' ', %(product)s, %(template)s, %(category)s, %(unit)s, routes.ids,
                                       seller.signature, bill.signature) END
              FROM product_product product
              JOIN product_template template ON template.id = product.product_tmpl_id
         LEFT JOIN product_category category ON category.id = template.categ_id
         LEFT JOIN uom_uom unit ON unit.id = template.uom_id
CROSS JOIN LATERAL (
                   SELECT array_agg(route_id ORDER BY route_id) AS ids
                     FROM stock_route_product WHERE product_id = template.id
                   ) routes
CROSS JOIN LATERAL (
                   SELECT concat_ws(' ', count(*), sum(hashtext(%(price)s)), sum(hashtext(%(partner)s))) AS signature
                     FROM product_supplierinfo price
                     JOIN res_partner partner ON partner.id = price.partner_id
                    WHERE price.product_tmpl_id = template.id
                   ) seller
CROSS JOIN LATERAL (%(bill)s) bill
             WHERE product.id = ANY(%(products)s)
            """,
            bill=self._select_bill_signature(),
            products=list(product_ids),
            **{
                name: self._get_row_signature(name)
                for name in ("product", "template", "category", "unit", "price", "partner")
            },
        )
        return dict(self.env.execute_query(query))

    @api.model
    def _get_row_signature(self, table):
        """SQL: where a row stands, and which transaction wrote it."""
        return SQL("concat(%s, %s)", SQL.identifier(table, "ctid"), SQL.identifier(table, "xmin"))

    @api.model
    def _get_signed_models(self):
        """Models whose rows signatures look at."""
        models_ = [
            "product.product",
            "product.template",
            "product.category",
            "uom.uom",
            "product.supplierinfo",
            "res.partner",
        ]
        return [*models_, "mrp.bom", "mrp.bom.line"] if "mrp.bom" in self.env else models_

    @api.model
    def _select_bill_signature(self):
        """Bills of materials with their components; where one is a kit, more would have to be looked at than this."""
        if "mrp.bom" not in self.env:
            return SQL("SELECT FALSE AS is_winding, '' AS signature")
        return SQL(
            """
            SELECT COALESCE(bool_or(kit.id IS NOT NULL), FALSE) AS is_winding,
                   concat_ws(' ', count(*), sum(hashtext(%(bom)s)), sum(hashtext(%(line)s)), sum(hashtext(%(part)s)),
                             sum(hashtext(%(part_template)s))) AS signature
              FROM mrp_bom bom
         LEFT JOIN mrp_bom_line line ON line.bom_id = bom.id
         LEFT JOIN product_product part ON part.id = line.product_id
         LEFT JOIN product_template part_template ON part_template.id = part.product_tmpl_id
         LEFT JOIN mrp_bom kit ON kit.product_tmpl_id = part_template.id AND kit.type = 'phantom'
             WHERE bom.product_tmpl_id = template.id
            """,
            **{name: self._get_row_signature(name) for name in ("bom", "line", "part", "part_template")},
        )
