"""Customers that are there twice: which to keep, and what follows it when core has merged them."""

from datetime import date, datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.sales_management.tests.common import DealDocumentCommon
from odoo.addons.sales_management.tests.test_access_rights import FORBIDDEN, AccessCommon

WORDS = "A word from outside"


class MergeCommon(DealDocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.write({"sales_customer_enabled": True, "customer_duplicate_mode": "warn"})
        cls.manager.group_ids = [Command.link(cls.env.ref("base.group_partner_manager").id)]
        cls.weber, cls.twin = cls.env["res.partner"].create(
            [
                {"name": "Weber GmbH", "vat": "DE811569869", "user_id": cls.salesperson.id},
                {"name": "Weber Küchen", "vat": "DE811569869", "user_id": cls.member.id},
            ]
        )
        cls.pair = cls.weber | cls.twin
        cls.pair.write({"is_company": True, "email": "info@weber.de", "customer_rank": 1})

    @classmethod
    def _invoice(cls, partner, amount, days=10, move_type="out_invoice"):
        day = fields.Date.today() - timedelta(days=days)
        move = cls.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": partner.id,
                "invoice_date": day,
                "invoice_line_ids": [Command.create({"name": "Goods", "price_unit": amount, "tax_ids": False})],
            }
        )
        move.action_post()
        return move

    def _compare(self, partners=None, user=None):
        action = (partners or self.pair).with_user(user or self.manager).action_open_merge()
        return self.env["sales.customer.merge"].with_user(user or self.manager).browse(action["res_id"])

    def _merge(self, kept=None, user=None):
        wizard = self._compare(user=user)
        if kept:
            wizard.line_ids.filtered(lambda line: line.partner_id == kept).action_keep()
        action = wizard.action_merge()
        core = self.env[action["res_model"]].with_user(user or self.manager).browse(action["res_id"])
        core.action_merge()
        self.env.flush_all()
        self.env.invalidate_all()
        kept = self.pair.exists()
        self.assertEqual(len(kept), 1)
        return kept


@tagged("post_install", "-at_install", "customer")
class TestMergeGuide(MergeCommon):
    # === Which one === #

    def test_most_invoices_are_kept(self):
        self._invoice(self.twin, 100)
        self._create_order(partner_id=self.weber.id).action_confirm()
        wizard = self._compare()
        self.assertEqual(wizard.dst_partner_id, self.twin)
        self.assertIn("it has the most invoices", wizard.reason)
        [line] = wizard.line_ids.filtered("is_kept")
        self.assertEqual((line.invoice_count, line.order_count, line.owner_id), (1, 0, self.member))

    def test_then_most_orders_then_the_oldest(self):
        self.assertEqual(self._compare().dst_partner_id, self.weber)
        self.assertIn("it is the oldest", self._compare().reason)
        contact = self.env["res.partner"].create({"name": "Anna", "parent_id": self.twin.id})
        self._create_order(partner_id=contact.id).action_confirm()
        wizard = self._compare()
        self.assertEqual(wizard.dst_partner_id, self.twin)
        self.assertIn("the most orders", wizard.reason)

    def test_archived_is_not_kept(self):
        self._invoice(self.twin, 100)
        self.twin.active = False
        self.assertEqual(self._compare().dst_partner_id, self.weber)

    def test_counting_does_not_grow_with_the_history(self):
        wizards = self.env["sales.customer.merge"]
        for _n in range(2):
            with self.assertQueryCount(3):
                wizards._count_documents(self.pair)
            self._create_deals(10, partner_id=self.twin.id)

    # === What it means === #

    def test_differences_are_told(self):
        self.twin.vat = "DE136695976"
        words = self._compare().warnings
        self.assertIn("Weber Küchen: deleted for good", words)
        self.assertIn("Their owners are Member, Salesperson: the customer will be with Salesperson.", words)
        self.assertIn("DE136695976, DE811569869", words)
        self.weber.user_id = False
        self.assertIn("Their owners are Member, nobody: the customer will be with Member.", self._compare().warnings)
        self.pair.write({"vat": "DE811569869", "user_id": self.member.id})
        words = self._compare().warnings
        self.assertNotIn("owners", words)
        self.assertNotIn("tax", words)

    def test_what_core_refuses_is_told_before(self):
        self.twin.email = "other@weber.de"
        wizard = self._compare()
        self.assertIn("different email addresses", wizard.blockers)
        with self.assertRaises(UserError):
            wizard.action_merge()
        self.twin.write({"email": self.weber.email, "parent_id": self.weber.id})
        self.assertIn("not merged with its own company", self._compare().blockers)
        self.twin.parent_id = False
        self.assertFalse(self._compare().blockers)
        for partner in self.pair:
            new_test_user(self.env, f"portal{partner.id}", "base.group_portal", partner_id=partner.id)
        self.assertIn("More than one of them has a user", self._compare().blockers)

    def test_no_more_than_three_at_once(self):
        others = self.env["res.partner"].create([{"name": f"Weber {n}", "email": "info@weber.de"} for n in range(3)])
        wizard = self._compare(self.pair | others)
        self.assertEqual(len(wizard.line_ids.filtered("is_left_out")), 2)
        self.assertFalse(wizard.blockers)
        for line in wizard.line_ids.filtered("is_left_out"):
            line.action_leave_out()
        self.assertIn("No more than three", wizard.blockers)
        wizard.line_ids.is_left_out = True
        self.assertIn("at least two", wizard.blockers)

    # === Ways to it === #

    def test_from_the_work_list_and_from_the_warning(self):
        self.env["sales.customer.duplicate"].sudo()._cron_scan()
        group = self.env["sales.customer.duplicate"].search([("partner_ids", "in", self.twin.ids)])
        action = group.with_user(self.manager).action_merge()
        self.assertEqual(action["res_model"], "sales.customer.merge")
        self.pair._keep_keys()
        action = self.twin.with_user(self.manager).action_merge_duplicates()
        wizard = self.env["sales.customer.merge"].browse(action["res_id"])
        self.assertEqual(wizard.partner_ids, self.pair)
        with self.assertRaises(UserError):
            self.env["res.partner"].create({"name": "Alone"}).action_merge_duplicates()

    def test_who_may_not_merge_compares_nothing(self):
        for user in (self.salesperson, self.users_by_role["stock"]):
            with self.assertRaises(AccessError), mute_logger("odoo.models", "odoo.addons.base.models.ir_model"):
                self.pair.with_user(user).action_open_merge()

    def test_hidden_customers_are_not_compared(self):
        self.salesperson.group_ids = [Command.link(self.env.ref("base.group_partner_manager").id)]
        self.company.customer_visibility_limited = True
        self.pair._keep_keys()
        with self.assertRaises(UserError):
            self.weber.with_user(self.salesperson).action_merge_duplicates()


@tagged("post_install", "-at_install", "customer")
class TestMergeFollows(MergeCommon):
    """What the addon keeps is with the customer that was kept."""

    def test_claims_and_owner_follow(self):
        self.company.customer_pool_enabled = True
        self.twin.with_user(self.member).action_release_to_pool("No need")
        self.twin.with_user(self.member).sudo().write({"user_id": False})
        claims = self.env["sales.customer.claim"].search([("partner_id", "=", self.twin.id)])
        self.assertTrue(claims)
        since = self.weber.owner_since
        kept = self._merge(self.weber)
        self.assertEqual(claims.partner_id, kept)
        self.assertEqual(set(claims.mapped("partner_name")), {"Weber Küchen"}, "It is what was written then.")
        self.assertEqual((kept.user_id, kept.pool_state, kept.owner_since), (self.salesperson, "owned", since))

    def test_kept_customer_without_owner_gets_the_others(self):
        self.company.customer_pool_enabled = True
        self.weber.with_user(self.salesperson).action_release_to_pool("No need")
        kept = self._merge(self.weber)
        self.assertEqual((kept.user_id, kept.pool_state), (self.member, "owned"))

    def test_latest_contact_counts(self):
        early, late = datetime(2026, 1, 1), datetime(2026, 5, 5)
        self.weber.sudo().last_contact_at = early
        self.twin.sudo().last_contact_at = late
        self.assertEqual(self._merge(self.weber).last_contact_at, late)

    def test_key_dates_certificates_and_notes_follow(self):
        contact = self.env["res.partner"].create({"name": "Anna", "parent_id": self.twin.id})
        kind = self.env["sales.certificate.type"].create({"name": "Cold Chain"})
        values = {"partner_id": self.twin.id}
        birthday = self.env["sales.key.date"].create({"name": "Contract", "date": date(2026, 1, 1), **values})
        of_contact = self.env["sales.key.date"].create(
            {"name": "Birthday", "date": date(2026, 1, 1), "partner_id": contact.id}
        )
        certificate = self.env["sales.customer.certificate"].create({"type_id": kind.id, **values})
        self.twin.message_post(body=WORDS)
        kept = self._merge(self.weber)
        self.assertEqual((birthday.partner_id, birthday.commercial_partner_id), (kept, kept))
        self.assertEqual((of_contact.partner_id, of_contact.commercial_partner_id), (contact, kept))
        self.assertEqual((certificate.partner_id, certificate.commercial_partner_id), (kept, kept))
        self.assertEqual((birthday.owner_id, contact.commercial_partner_id), (self.salesperson, kept))
        self.assertTrue(kept.message_ids.filtered(lambda message: "A word" in message.body))

    def test_people_of_deals_follow_and_nobody_is_on_one_twice(self):
        both, other = self._create_deals(2)
        people = self.env["sales.deal.person"].create(
            [
                {"lead_id": both.id, "partner_id": self.twin.id, "role": "user"},
                {"lead_id": both.id, "partner_id": self.weber.id, "role": "decider"},
                {"lead_id": other.id, "partner_id": self.twin.id, "role": "payer"},
            ]
        )
        kept = self._merge(self.weber)
        people = people.exists()
        self.assertEqual(people.partner_id, kept)
        self.assertEqual({person.lead_id: person.role for person in people}, {both: "decider", other: "payer"})

    def test_row_with_deals_of_its_own_is_closed_and_one_with_others_is_not(self):
        groups = self.env["sales.customer.duplicate"].sudo()
        own, foreign = self._create_deals(partner_id=self.twin.id), self._create_deals(partner_name="Weber")
        closed, left = groups.create([{"partner_ids": self.pair.ids, "lead_ids": lead.ids} for lead in (own, foreign)])
        self._merge(self.weber)
        self.assertEqual((closed.state, left.state), ("done", "open"))

    def test_keys_follow_and_the_row_is_closed(self):
        self.env["res.partner"].create({"name": "Anna", "parent_id": self.twin.id, "phone": "+49 30 901820"})
        self.env["sales.customer.duplicate"].sudo()._cron_scan()
        group = self.env["sales.customer.duplicate"].search([("partner_ids", "in", self.twin.ids)])
        self.assertEqual(group.state, "open")
        kept = self._merge(self.weber)
        self.assertEqual((group.state, group.decided_by_id), ("done", self.manager))
        keys = self.env["sales.customer.key"].search([("partner_id", "in", (kept | kept.child_ids).ids)])
        self.assertEqual(set(keys.mapped("root_id")), set(kept.ids))
        self.assertEqual(len({(key.kind, key.value, key.partner_id) for key in keys}), len(keys))
        self.assertFalse(kept.duplicate_warning)
        self.assertFalse(kept.child_ids.duplicate_warning)
        lead = self._create_deals(phone="+49 30 901820", user_id=self.manager.id)
        self.assertIn("Anna", lead.duplicate_warning)

    def test_figures_equal_independent_sql(self):
        contact = self.env["res.partner"].create({"name": "Anna", "parent_id": self.twin.id})
        self._invoice(self.weber, 1000)
        self._invoice(self.twin, 300)
        self._invoice(contact, 70)
        self._invoice(self.twin, 20, move_type="out_refund")
        self.env["sales.customer.value"]._compute_company(self.company)
        kept = self._merge(self.twin)
        self.env["sales.customer.value"]._compute_company(self.company)
        [(revenue,)] = self.env.execute_query(
            SQL(
                """
                SELECT sum(-line.balance)
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                 WHERE move.state = 'posted' AND line.display_type = 'product'
                   AND move.partner_id IN (
                       SELECT id FROM res_partner WHERE id = %(kept)s OR parent_id = %(kept)s)
                """,
                kept=kept.id,
            )
        )
        self.assertEqual((kept.customer_revenue, revenue), (1350, 1350))

    def test_manager_merges_without_more_rights(self):
        self.company.write({"customer_pool_enabled": True, "customer_visibility_limited": True})
        self._invoice(self.twin, 100)
        self.assertEqual(self._merge(user=self.manager), self.twin)

    def test_switched_off_core_merges_as_ever(self):
        self.env["sales.deal.person"].create(
            [{"lead_id": self._create_deals().id, "partner_id": partner.id, "role": "user"} for partner in self.pair]
        )
        self.company.sales_customer_enabled = False
        self.env["base.partner.merge.automatic.wizard"]._merge(self.pair.ids, self.weber)
        self.assertEqual((self.pair.exists(), self.weber.user_id), (self.weber, self.salesperson))


@tagged("post_install", "-at_install", "access", "customer")
class TestMergeAccess(AccessCommon):
    def test_who_compares_over_rpc(self):
        self.env.company.sales_customer_enabled = True
        partners = self.env["res.partner"].create([{"name": "Weber"}, {"name": "Weber GmbH"}])
        for user in (self.salesperson, self.stock, self.finance, self.portal):
            if not user.has_group("base.group_partner_manager"):
                self._assert_refused(FORBIDDEN, user, "res.partner", "action_open_merge", ids=partners.ids)
        self.manager.group_ids = [Command.link(self.env.ref("base.group_partner_manager").id)]
        action = self._call(self.manager, "res.partner", "action_open_merge", ids=partners.ids)
        other = self._create_user("merger", "base.group_partner_manager")
        self._assert_refused(
            FORBIDDEN, other, "sales.customer.merge", "read", ids=[action["res_id"]], fields=["warnings"]
        )


@tagged("post_install", "-at_install", "customer")
class TestMergeTour(MergeCommon, HttpCase):
    def test_customers_are_compared_and_merged(self):
        self._create_order(partner_id=self.twin.id).action_confirm()
        group = self.env["sales.customer.duplicate"].sudo().create({"partner_ids": self.pair.ids, "kinds": "vat"})
        path = f"/odoo/customer-duplicates/{group.id}"
        self.start_tour(path, "customers_are_merged", login=self.manager.login)
        self.assertEqual((self.pair.exists(), group.state), (self.weber, "done"))
