from contextlib import contextmanager
from unittest.mock import patch

from odoo import fields
from odoo.fields import Command, Domain

from odoo.addons.sales_management.tests.common import DealDocumentCommon
from odoo.addons.sales_management.tools.promise import PromiseResult, PromiseSource, PromiseStep

#: What stock and supply tell of every line in these tests.
DAY = fields.Datetime.to_datetime("2030-02-01 12:00:00")


def get_first_definition(records, name):
    """:return: the class that defines a method first, whichever classes extend it"""
    return [cls for cls in type(records).mro() if name in vars(cls)][-1]


class HoldCommon(DealDocumentCommon):
    """A company that holds what it sends. What the engine answers is given, so that only holding is tested."""

    #: Whether kits and goods without stock are given as well.
    fakes_goods = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.write({"sales_promise_enabled": True, "promise_hold_enabled": True, "promise_hold_days": 10})
        cls.holds = cls.env["sales.promise.hold"]
        cls.nut = cls.env["product.product"].create({"name": "Nut", "type": "consu", "is_storable": True})
        cls.kits = {}
        cls.stockless = set()
        cls.answer = {"confidence": "a", "date": DAY, "kind": "stock"}

    def setUp(self):
        super().setUp()
        fakes = {
            "_get_kits": lambda engine, pairs: {pair: self.kits[pair[0]] for pair in pairs if pair[0] in self.kits},
            "_has_kits": lambda engine: True,
            "_get_stockless": lambda engine, pairs: {pair for pair in pairs if pair[0] in self.stockless},
        }
        for name, fake in fakes.items() if self.fakes_goods else ():
            first = get_first_definition(self.env["sales.promise.engine"], name)
            self.startPatcher(patch.object(first, name, fake))
        first = get_first_definition(self.env["sale.order.line"], "_get_line_promises")
        self.startPatcher(patch.object(first, "_get_line_promises", lambda lines: self._promise(lines)))

    def _promise(self, lines):
        source = PromiseSource(self.answer["kind"])
        date, confidence = self.answer["date"], self.answer["confidence"]
        return {
            line: PromiseResult(line.id, date, (PromiseStep(date, 1, source, confidence),), confidence, source, None)
            for line in lines
            if line.product_id
        }

    @contextmanager
    def _answering(self, **answer):
        before = dict(self.answer)
        self.answer.update(answer)
        try:
            yield
        finally:
            self.answer.update(before)

    @classmethod
    def _quote(cls, quantities=(5,), product=None, **values):
        product = product or cls.bolt
        return cls._create_order(
            user_id=cls.salesperson.id,
            team_id=cls.team.id,
            order_line=[
                Command.create({"product_id": product.id, "product_uom_qty": quantity}) for quantity in quantities
            ],
            **values,
        )

    def _send(self, order):
        order._hand_over()
        return order

    def _get_held(self, order):
        """What an order holds now: product and quantity."""
        holds = self.holds.search(self.holds._get_active_domain() & Domain("order_id", "in", order.ids))
        return sorted((hold.product_id.name, hold.quantity) for hold in holds)
