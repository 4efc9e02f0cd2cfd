"""What the roles can do, over real RPC, to the days and papers of customers."""

from odoo.tests import tagged

from odoo.addons.sales_management.tests.customer.dates_common import DatesMixin
from odoo.addons.sales_management.tests.test_access_rights import FORBIDDEN, REFUSED, AccessCommon

DATE, PAPER, TYPE = "sales.key.date", "sales.customer.certificate", "sales.certificate.type"


@tagged("post_install", "-at_install", "access", "customer")
class TestDatesAccess(DatesMixin, AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_customers()
        cls.hidden = cls.env["res.partner"].sudo().create({"name": "Hidden AG", "is_company": True})
        cls._hide(cls.hidden)
        cls.licence = cls.env[TYPE].sudo().create({"name": "Licence"})
        cls.seen_date, cls.hidden_date = (
            cls.env[DATE]
            .sudo()
            .create([{"partner_id": partner.id, "date": "1990-03-10"} for partner in (cls.anna, cls.hidden)])
        )
        cls.seen_paper, cls.hidden_paper = (
            cls.env[PAPER]
            .sudo()
            .create([{"partner_id": partner.id, "type_id": cls.licence.id} for partner in (cls.weber, cls.hidden)])
        )

    def test_salesperson_sees_those_of_his_customers(self):
        for model, seen, hidden in (
            (DATE, self.seen_date, self.hidden_date),
            (PAPER, self.seen_paper, self.hidden_paper),
        ):
            with self.subTest(model):
                found = self._call(self.salesperson, model, "search", domain=[["id", "in", (seen | hidden).ids]])
                self.assertEqual(found, seen.ids)
                self._call(self.salesperson, model, "write", ids=seen.ids, vals={"note": "Seen"})
                for method, arguments in (("read", {"fields": ["note"]}), ("write", {"vals": {"note": "x"}})):
                    message = self._assert_refused(
                        FORBIDDEN, self.salesperson, model, method, ids=hidden.ids, **arguments
                    )
                    self.assertNotIn("Hidden AG", message)
                self._call(self.manager, model, "read", ids=hidden.ids, fields=["note"])

    def test_customers_and_other_departments_see_none(self):
        for user in (self.portal, self.stock, self.finance):
            for model in (DATE, PAPER, TYPE):
                with self.subTest(user=user.login, model=model):
                    self._assert_refused(FORBIDDEN, user, model, "search", domain=[])

    def test_managers_say_what_is_needed_and_verify(self):
        values = {"sending_level": "off", "confirmation_level": "off"}
        self._assert_refused(FORBIDDEN, self.salesperson, TYPE, "write", ids=self.licence.ids, vals=values)
        self._call(self.manager, TYPE, "write", ids=self.licence.ids, vals=values)
        self._assert_refused(REFUSED, self.salesperson, PAPER, "action_verify", ids=self.seen_paper.ids)
        self._assert_refused(FORBIDDEN, self.salesperson, PAPER, "action_verify", ids=self.hidden_paper.ids)
        self._assert_refused(FORBIDDEN, self.salesperson, PAPER, "unlink", ids=self.seen_paper.ids)
        self._call(self.manager, PAPER, "action_verify", ids=self.seen_paper.ids)
        self.assertEqual(self.seen_paper.sudo().verified_by_id, self.manager)

    def test_hidden_customer_is_not_found_by_its_days(self):
        """Neither counted, nor grouped, nor reached through the customer."""
        for model in (DATE, PAPER):
            domain = [["commercial_partner_id", "=", self.hidden.id]]
            self.assertEqual(self._call(self.salesperson, model, "search_count", domain=domain), 0)
            groups = self._call(
                self.salesperson,
                model,
                "formatted_read_group",
                domain=domain,
                groupby=["commercial_partner_id"],
                aggregates=["__count"],
            )
            self.assertFalse(groups)
