from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL, ormcache

#: Answers that are kept at most; then all are forgotten, which costs one slow question.
MOST_KEPT = 50_000


class Kept(NamedTuple):
    """An answer, with the signatures of all products that it was made of."""

    signatures: tuple
    answer: object


def _get_products(offers):
    return {ware.product for ware in offers}


class SalesPromiseEngine(models.AbstractModel):
    """How goods are come by: kept with a signature of all that it was made of, so that it is never stale.

    To plan anew what vendors, bills of materials and routes say takes many times as long as to see that nobody changed
    it. What routes, rules and settings say is forgotten when these change, as all that is cached.
    """

    _inherit = "sales.promise.engine"

    # === Keeping === #

    @api.model
    def _get_recipes(self, wares):
        def get_products(ware, recipe):
            return {ware.product, *(part.product for part, _factor in recipe.components), *_get_products(recipe.offers)}

        return self._keep("recipe", wares, super()._get_recipes, get_products)

    @api.model
    def _get_offers(self, wares):
        find = super()._get_offers

        def answer(missing):
            offers = find(missing)
            return {ware: self._pick_offers(offers, [ware]) for ware in missing}

        kept = self._keep("offers", wares, answer, lambda _ware, offers: _get_products(offers))
        return {ware: offer for offers in kept.values() for ware, offer in offers.items()}

    @api.model
    def _get_kits(self, pairs):
        explode = super()._get_kits
        if not pairs or not self._has_kits():
            return {}

        def answer(missing):
            kits = explode(missing)
            return {pair: kits.get(pair) for pair in missing}

        def get_products(pair, components):
            return {pair[0], *(product for product, _factor in components or ())}

        kept = self._keep("kit", set(pairs), answer, get_products)
        return {pair: components for pair, components in kept.items() if components}

    @api.model
    def _keep(self, question, keys, answer, get_products):
        """Answer what is known and still true, and ask the rest.

        :param str question: what is asked
        :param set keys: of what
        :param answer: function that answers for a set of keys, by key
        :param get_products: function that gives the ids of the products that an answer to a key was made of
        :return: answers by key
        :rtype: dict
        """
        kept = self._get_kept()
        # Names are kept in a language; vendors sell for a time; who asks may see less than all.
        scope = (question, self.env.lang, fields.Date.today(), self.env.su or self.env.uid)
        found = {key: entry for key in keys if (entry := kept.get((scope, key)))}
        signatures = self._get_signatures({pair[0] for entry in found.values() for pair in entry.signatures})
        known = {
            key: entry.answer
            for key, entry in found.items()
            if all(signatures.get(product) == signature for product, signature in entry.signatures)
        }
        missing = keys - known.keys()
        if missing:
            answers = answer(missing)
            known |= answers
            made_of = {key: get_products(key, answers[key]) for key in missing}
            self._remember(kept, scope, made_of, answers)
        return known

    @api.model
    def _remember(self, kept, scope, made_of, answers):
        """Keep answers, other than those of which nobody can tell when they change."""
        if len(kept) > MOST_KEPT:
            kept.clear()
        signatures = self._get_signatures(set().union(*made_of.values()))
        for key, products in made_of.items():
            own = tuple((product, signatures.get(product)) for product in products)
            if all(signature for _product, signature in own):
                kept[scope, key] = Kept(own, answers[key])

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
        if not product_ids:
            return {}
        for model in self._get_signed_models():
            self.env[model].flush_model()
        query = SQL(
            """
            SELECT product.id,
                   CASE WHEN bill.is_winding THEN NULL
                        ELSE concat_ws(' ', %(product)s, %(template)s, %(category)s, %(unit)s, routes.ids,
                                       seller.signature, bill.signature) END
              FROM product_product product
CROSS JOIN LATERAL (
                   -- One by one: most questions are about few products, and all templates are many.
                   SELECT id, categ_id, uom_id, ctid, xmin FROM product_template WHERE id = product.product_tmpl_id
                   OFFSET 0
                   ) template
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
