"""Certificates of customers: what counts as valid, who is reminded, who verifies."""

from datetime import date

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.tests.common import DealCommon
from odoo.addons.sales_management.tests.customer.dates_common import MORNING, TODAY, DatesMixin
from odoo.addons.sales_management.tools.certificate import Verification


@tagged("post_install", "-at_install", "customer")
class TestCertificate(DatesMixin, DealCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_customers()
        cls.licence, cls.cold_chain = cls.env["sales.certificate.type"].create(
            [{"name": "Licence", "code": "L"}, {"name": "Cold chain", "reminder_days": 10, "archive_days": 20}]
        )

    def _create(self, valid_to="2026-03-20", partner=None, type_=None, user=None, **values):
        certificate = (
            self.env["sales.customer.certificate"]
            .with_user(user or self.env.user)
            .create(
                {
                    "partner_id": (partner or self.weber).id,
                    "type_id": (type_ or self.licence).id,
                    "valid_to": valid_to,
                    **values,
                }
            )
        )
        self.env.flush_all()
        return certificate.with_user(self.env.user)

    # === Status === #

    def test_status_of_a_day(self):
        cases = (
            ({"valid_to": "2026-03-04"}, "expiring"),
            ({"valid_to": "2026-03-03"}, "expired"),
            ({"valid_to": "2026-04-04"}, "valid"),
            ({"valid_to": "2026-04-03"}, "expiring"),
            ({"valid_to": False}, "valid"),
            ({"valid_to": False, "valid_from": "2026-03-04"}, "valid"),
            ({"valid_to": False, "valid_from": "2026-03-05"}, "future"),
        )
        for values, state in cases:
            with self.subTest(values), freeze_time(MORNING):
                self.assertEqual(self._create(**values).state, state)

    def test_status_by_the_clock_of_the_company(self):
        """The last day is over in Shanghai while it goes on in Los Angeles."""
        states = {}
        for name, zone in (("Shanghai", "Asia/Shanghai"), ("Angeles", "America/Los_Angeles")):
            company, _user = self._open_company(name, zone)
            type_ = self.env["sales.certificate.type"].create({"name": name, "company_id": company.id})
            with freeze_time("2026-03-04 20:00:00"):
                states[name] = self._create("2026-03-04", type_=type_).state
        self.assertEqual(states, {"Shanghai": "expired", "Angeles": "expiring"})

    def test_dates_in_order(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self._create("2026-01-01", valid_from="2026-01-02")

    def test_type_of_another_company_is_refused(self):
        company, _user = self._open_company("Shanghai", "Asia/Shanghai")
        self.licence.company_id = company
        self.weber.company_id = self.env.company
        with self.assertRaisesRegex(ValidationError, "another company"):
            self._create()

    # === Reminders and archive === #

    def test_owner_is_reminded_once_before_the_expiry(self):
        self._create(type_=self.cold_chain, number="CC 7")
        self._run("certificates", "2026-03-09 07:00:00")
        self.assertFalse(self._get_activities(self.weber))
        for moment in ("2026-03-10 07:00:00", "2026-03-11 07:00:00"):
            self._run("certificates", moment)
            activity = self._get_activities(self.weber)
            self.assertEqual((activity.user_id, activity.date_deadline), (self.salesperson, date(2026, 3, 20)))
            self.assertIn("Cold chain CC 7", activity.summary)
        activity.action_done()
        self._run("certificates", "2026-03-12 07:00:00")
        self.assertFalse(self._get_activities(self.weber))

    def test_reminder_by_the_clock_of_the_company(self):
        customers = {}
        for name, zone in (("Shanghai", "Asia/Shanghai"), ("Angeles", "America/Los_Angeles")):
            company, user = self._open_company(name, zone)
            customers[name] = self.env["res.partner"].create(
                {"name": name, "user_id": user.id, "company_id": company.id}
            )
            self._create(partner=customers[name], type_=self.cold_chain)
        self._run("certificates", "2026-03-10 02:00:00")
        self.assertTrue(self._get_activities(customers["Shanghai"]))
        self.assertFalse(self._get_activities(customers["Angeles"]))

    def test_nobody_asks_for_what_is_there(self):
        self._create()
        self._run("certificates")
        self.assertTrue(self._get_activities(self.weber))
        self._create("2027-03-20", user=self.salesperson)
        self.assertFalse(self._get_activities(self.weber))
        self.weber.certificate_ids.filtered(lambda found: found.valid_to.year == 2026).reminded_for = False
        self._run("certificates")
        self.assertFalse(self._get_activities(self.weber))

    def test_which_one_has_been_renewed(self):
        first, second, endless = self._create("2026-03-20"), self._create("2027-03-20"), self._create(False)
        other = self._create("2026-03-20", type_=self.cold_chain)
        all_of_them = first | second | endless | other
        self.assertEqual(all_of_them.filtered("is_renewed"), first | second)
        endless.sudo().refused_at = "2026-03-01 00:00:00"
        self.assertEqual(all_of_them.filtered("is_renewed"), first)
        second.action_archive()
        self.assertFalse(all_of_them.filtered("is_renewed"))
        second.action_unarchive()
        second.unlink()
        self.assertFalse(first.is_renewed)
        other.type_id = self.licence
        first.valid_to = "2026-03-01"
        self.assertTrue(first.is_renewed)
        other.type_id = self.cold_chain
        self.assertFalse(first.is_renewed)

    def test_renewed_one_is_archived_when_it_expires(self):
        certificate, newer = self._create("2026-03-20"), self._create("2027-03-20")
        self._run("certificates", "2026-03-20 07:00:00")
        self.assertTrue(certificate.active)
        self._run("certificates", "2026-03-21 07:00:00")
        self.assertEqual((certificate | newer).filtered("active"), newer)

    def test_what_was_expired_before_opens_nothing(self):
        self._create("2026-03-03")
        self._run("certificates")
        self.assertFalse(self._get_activities(self.weber))

    def test_expired_moves_to_the_archive(self):
        certificate = self._create(type_=self.cold_chain)
        self._run("certificates", "2026-04-09 07:00:00")
        self.assertTrue(certificate.active)
        self._run("certificates", "2026-04-10 07:00:00")
        self.assertFalse(certificate.active, "Twenty days after its last.")

    def test_nothing_happens_where_it_is_switched_off(self):
        certificate = self._create("2026-03-10")
        self.env.company.sales_customer_enabled = False
        self._run("certificates")
        self._run("certificates", "2030-01-01 07:00:00")
        self.assertTrue(certificate.active)
        self.assertFalse(self._get_activities(self.weber))

    def test_job_is_set_based(self):
        costs = []
        for count in (2, 30):
            certificates = self.env["sales.customer.certificate"].union(
                *(self._create(type_=self.licence) for _position in range(count))
            )
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            certificates._remind()
            self.env.flush_all()
            costs.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(costs[1], costs[0] + 2)

    def test_panel_counts_what_is_to_be_renewed(self):
        with freeze_time(MORNING):
            self._create("2026-03-20")
            self._create("2027-01-01", type_=self.cold_chain)
            for user, figures in ((self.salesperson, ["1"]), (self.users_by_role["stock"], [])):
                rows = self.weber.with_user(user)._get_customer_panel()
                found = [row["figure"] for row in rows if row["code"] == "certificates"]
                self.assertEqual(found, figures)
            self._create("2027-03-20")
            self.assertNotIn(
                "certificates", [row["code"] for row in self.weber.with_user(self.salesperson)._get_customer_panel()]
            )

    # === Verification === #

    def test_managers_verify_and_changes_take_it_back(self):
        self.licence.needs_verification = True
        certificate = self._create(False)
        self.assertEqual(certificate.state, "unverified")
        with self.assertRaisesRegex(UserError, "sales manager"):
            certificate.with_user(self.salesperson).action_verify()
        certificate.with_user(self.manager).action_verify()
        self.assertEqual((certificate.state, certificate.verified_by_id), ("valid", self.manager))
        certificate.with_user(self.salesperson).note = "Seen"
        self.assertEqual(certificate.state, "valid")
        certificate.with_user(self.salesperson).number = "Other"
        self.assertEqual((certificate.state, certificate.verified_at), ("unverified", False))

    def test_register_is_asked_first(self):
        good, bad, unknown = (self._create(False, number=number) for number in ("good", "bad", "unknown"))

        def ask(certificates):
            answers = {"good": Verification(True, "Register 1"), "bad": Verification(False, "Withdrawn")}
            return {found: answers[found.number] for found in certificates if found.number in answers}

        self.patch(type(good), "_verify_externally", ask)
        with self.assertRaisesRegex(UserError, "unknown"):
            (good | bad | unknown).with_user(self.salesperson).action_verify()
        (good | bad).with_user(self.salesperson).action_verify()
        self.assertEqual((good.state, good.verified_by_id), ("valid", self.salesperson))
        self.assertEqual((bad.state, bad.verification_note), ("refused", "Withdrawn"))
        self.assertFalse(bad.verified_at)

    def test_nobody_says_that_it_is_verified(self):
        forged = {"verified_by_id": self.manager.id, "verified_at": "2026-01-01 00:00:00", "reminded_for": TODAY}
        context = {f"default_{name}": value for name, value in forged.items()}
        certificate = (
            self.env["sales.customer.certificate"]
            .with_user(self.salesperson)
            .with_context(**context)
            .create({"partner_id": self.weber.id, "type_id": self.licence.id, **forged})
        )
        certificate.write(forged)
        self.assertFalse(certificate.verified_by_id or certificate.verified_at or certificate.reminded_for)
        self.assertEqual(certificate.copy().verification, "none")

    # === Access === #

    def test_salespeople_keep_those_of_customers_whom_they_see(self):
        hidden_partner = self.env["res.partner"].create({"name": "Hidden", "is_company": True})
        hidden, seen = self._create(partner=hidden_partner, file=b"c2VjcmV0", file_name="a.pdf"), self._create()
        self._hide(hidden_partner)
        model = self.env["sales.customer.certificate"].with_user(self.salesperson)
        self.assertEqual(model.search([("id", "in", (seen | hidden).ids)]), seen)
        seen.with_user(self.salesperson).number = "1"
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search([("res_model", "=", hidden._name), ("res_id", "=", hidden.id), ("res_field", "=", "file")])
        )
        refused = (
            lambda: hidden.with_user(self.salesperson).read(["number"]),
            lambda: model.create({"partner_id": hidden_partner.id, "type_id": self.licence.id}),
            lambda: seen.with_user(self.salesperson).unlink(),
            lambda: attachment.with_user(self.salesperson).read(["datas"]),
            lambda: self.licence.with_user(self.salesperson).write({"name": "x"}),
        )
        for attempt in refused:
            with self.assertRaises(AccessError), mute_logger("odoo.models"), self.env.cr.savepoint():
                attempt()
        hidden.with_user(self.manager).unlink()
        self.licence.with_user(self.manager).name = "Licence to trade"

    def test_others_have_no_business_with_them(self):
        certificate = self._create()
        for role in ("portal", "stock", "finance"):
            with self.subTest(role):
                user = self.users_by_role[role]
                self.assertFalse(certificate.with_user(user).has_access("read"))
                self.assertFalse(self.licence.with_user(user).has_access("read"))

    def test_types_keep_to_their_company(self):
        company, user = self._open_company("Shanghai", "Asia/Shanghai")
        own = self.env["sales.certificate.type"].create({"name": "Own", "company_id": company.id})
        here = self.env["sales.certificate.type"].create({"name": "Here", "company_id": self.env.company.id})
        found = self.env["sales.certificate.type"].with_user(user).search([("id", "in", (own | here).ids)])
        self.assertEqual(found, own)

    def test_merging_customers_keeps_their_papers(self):
        other = self.env["res.partner"].create({"name": "Weber", "is_company": True, "email": "a@weber.example"})
        certificate = self._create(partner=other)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.weber | other).ids, self.weber)
        certificate.invalidate_recordset()
        self.assertEqual((certificate.partner_id, certificate.commercial_partner_id), (self.weber, self.weber))
