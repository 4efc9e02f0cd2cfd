"""Customers, contacts, deals and history that come from a spreadsheet, and go again."""

from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .import_common import ImportCommon, write_book

WORDS = "Asked again"


@tagged("post_install", "-at_install", "customer")
class TestCustomerImport(ImportCommon):
    # === Check === #

    def test_check_writes_nothing(self):
        models = ("res.partner", "crm.lead", "mail.message", "res.partner.category", "crm.lost.reason")
        before = {name: self.env[name].with_context(active_test=False).search_count([]) for name in models}
        record = self._check(self.sheets)
        after = {name: self.env[name].with_context(active_test=False).search_count([]) for name in models}
        self.assertEqual(before, after)
        self.assertEqual((record.new_count, record.duplicate_count, record.error_count), (8, 0, 0))
        self.assertEqual(record.state, "checked")

    def test_every_problem_is_named_at_once(self):
        record = self._check(
            {
                "Customers": [
                    [None, None, None, None, "nobody", "sm_stranger", "03/05/2024", None],
                    ["C-2", "Ningbo Gear", None, None, None, None, "2150-01-01", None],
                ],
                "Contacts": [["C-9", "Ann", None, None, None], ["C-2", "Bo", None, None, None]],
                "Deals": [[None, "C-2", "Gears", "Nowhere", "a lot", "soon", None, "maybe", None]],
                "Follow-Ups": [["C-2", None, None, "Smoke", None]],
            }
        )
        messages = {line.kind + str(line.row): line.message for line in record.line_ids}
        self.assertEqual(record.line_ids.mapped("state"), ["error"] * 6)
        for part in ("B2 Customer Name", "E2 Email", "F2 Salesperson", "G2 Last Contact On: 03/05/2024 may be two"):
            self.assertIn(part, messages["customer2"])
        self.assertIn("lies in the future", messages["customer3"])
        self.assertIn("neither in the file nor in the database", messages["contact2"])
        self.assertIn("has a problem itself, in row 3", messages["contact3"])
        for part in ("D2 Stage: Nowhere is not known", "E2 Expected", "F2 Opened On: soon is no date", "H2 Lost"):
            self.assertIn(part, messages["deal2"])
        for part in ("B2 Date and Time", "D2 Kind", "E2 Text"):
            self.assertIn(part, messages["follow_up2"])

    # === Import === #

    def test_everything_comes_along(self):
        record = self._import(self.sheets)
        bolt, gear = (self.env["res.partner"].browse(line.res_id) for line in self._get_lines(record))
        self.assertEqual(
            (bolt.ref, bolt.name, bolt.user_id, bolt.is_company), ("C-1", "Hangzhou Bolt", self.salesperson, True)
        )
        self.assertEqual(sorted(bolt.category_id.mapped("name")), ["Export", "Fair"])
        self.assertEqual((gear.user_id, gear.phone), (self.member, "13800138000"))
        self.assertEqual(bolt.child_ids.name, "Ann Lee")
        self.assertEqual(gear.child_ids.name, "Bo Chen")
        running, lost = (self.env["crm.lead"].browse(line.res_id) for line in self._get_lines(record, "deal"))
        self.assertEqual((running.deal_number, running.partner_id, running.stage_id.name), ("P-17", bolt, "Qualified"))
        self.assertEqual((running.expected_revenue, running.user_id), (12000, self.salesperson))
        self.assertEqual(running.deal_opened_on, datetime(2025, 11, 2, 16))
        self.assertEqual(
            (lost.won_status, lost.lost_reason_id.name, lost.user_id), ("lost", "Too expensive", self.member)
        )
        self.assertTrue(lost.deal_number)

    def test_history_keeps_dates_and_authors_and_tells_nobody(self):
        mails = self.env["mail.mail"].sudo().search_count([])
        notices = self.env["mail.notification"].sudo().search_count([])
        record = self._import(self.sheets)
        call, visit = (
            self.env["mail.message"].sudo().browse(line.res_id) for line in self._get_lines(record, "follow_up")
        )
        self.assertEqual((call.date, call.author_id), (datetime(2026, 1, 20, 6, 30), self.member.partner_id))
        self.assertEqual((call.model, call.message_type), ("crm.lead", "comment"))
        self.assertIn("Wants samples.<br", call.body)
        self.assertEqual((visit.date, visit.author_id.id), (datetime(2026, 1, 21, 1), False))
        self.assertIn("Old Wang", visit.body)
        self.assertEqual(self.env["mail.mail"].sudo().search_count([]), mails)
        self.assertEqual(self.env["mail.notification"].sudo().search_count([]), notices)
        leads = self.env["crm.lead"].browse([line.res_id for line in self._get_lines(record, "deal")])
        self.assertFalse(leads.activity_ids)
        self.assertEqual(leads[0].message_ids, call)
        self.assertIn(self.salesperson.partner_id, leads[0].message_partner_ids)

    def test_columns_are_known_in_either_language(self):
        record = self._check(
            {
                "客户资料": [
                    ["客户列表"],
                    ["编号", "* 公司名称（必填）", "统一社会信用代码", "负责人", "省", "鞋码"],
                    ["K-1", "杭州博特有限公司", "91330100MA2ABCDE0A", "Salesperson", "浙江", 42],
                ],
                "跟进记录": [["客户", "日期", "内容"], ["K-1", 46042, "看样品"]],
            }
        )
        self.assertFalse(record.error_count, record.line_ids.mapped("message"))
        self.assertIn("鞋码", record.remarks)
        record.action_import()
        partner = self.env["res.partner"].browse(self._get_lines(record).res_id)
        self.assertEqual(partner.state_id.name, "浙江省")
        self.assertEqual(partner.last_contact_at, datetime(2026, 1, 19, 16))

    def test_what_the_database_refuses_is_said_with_its_rows(self):
        record = self._check(self.sheets)
        partners = self.env["res.partner"].search_count([])
        retired = "These deal numbers cannot be kept"
        with self.assertRaisesRegex(UserError, f"Deals, rows 2 to 3: {retired}"), self.env.cr.savepoint():
            self._create_deals(deal_number="P-17")
            record.action_import()
        self.assertEqual(self.env["res.partner"].search_count([]), partners)

    # === Known === #

    def test_the_same_file_twice_is_known_row_by_row(self):
        self._import(self.sheets)
        record = self._check(self.sheets)
        self.assertEqual((record.new_count, record.duplicate_count, record.error_count), (0, 8, 0))
        with self.assertRaisesRegex(UserError, "no row to import"):
            record.action_import()

    def test_known_customers_are_found_without_an_index(self):
        self.env["res.partner"].create({"name": "宁波齿轮有限公司", "is_company": True, "phone": "+86 138 0013 8000"})
        self.company.customer_duplicate_mode = "off"
        self.company.country_id = self.env.ref("base.cn")
        record = self._check(self.sheets)
        line = self._get_lines(record)[1]
        self.assertEqual(line.state, "duplicate")
        self.assertIn("宁波齿轮有限公司, of nobody, has the same Telephone Number.", line.message)

    def test_rows_that_say_the_same(self):
        rows = [["C-1", "Bolt Co., Ltd.", *[None] * 6], ["C-7", "Bolt GmbH", *[None] * 6], ["C-8", "Nut", *[None] * 6]]
        record = self._check({"Customers": rows, "Contacts": [["C-7", "Ann", None, None, None]]})
        self.assertEqual(self._get_lines(record).mapped("state"), ["new", "duplicate", "new"])
        self.assertIn("Row 2 has the same Company Name.", self._get_lines(record)[1].message)
        record.action_import()
        ann = self.env["res.partner"].browse(self._get_lines(record, "contact").res_id)
        self.assertEqual(ann.parent_id.ref, "C-1")

    def test_what_is_empty_is_filled_and_nothing_overwritten(self):
        known = self.env["res.partner"].create(
            {"name": "Bolt", "is_company": True, "vat": "91330100MA2ABCDE0A", "phone": "110", "user_id": self.member.id}
        )
        record = self._check(self.sheets, duplicate_choice="update")
        record.action_import()
        self.assertEqual((known.name, known.phone, known.user_id), ("Bolt", "110", self.member))
        self.assertEqual((known.ref, known.email), ("C-1", "info@bolt.example"))
        self.assertEqual(known.child_ids.name, "Ann Lee")
        known.email = "new@bolt.example"
        record.action_undo()
        self.assertEqual((known.exists().ref, known.email, known.phone), (False, "new@bolt.example", "110"))
        self.assertFalse(known.child_ids or known.last_contact_at)

    def test_a_known_row_is_created_if_somebody_says_so(self):
        known = self.env["res.partner"].create({"name": "Hangzhou Bolt", "is_company": True})
        record = self._check(self.sheets)
        line = self._get_lines(record)[0]
        self.assertEqual((line.state, line.choice, line.match_id), ("duplicate", "skip", known.id))
        line.with_user(self.manager).choice = "create"
        record.action_import()
        self.assertNotIn(line.res_id, (known.id, 0))
        self.assertEqual(self.env["res.partner"].browse(line.res_id).child_ids.name, "Ann Lee")

    # === Undo === #

    def test_undo_removes_everything(self):
        models = ("res.partner", "crm.lead", "res.partner.category", "crm.lost.reason")
        before = {name: self.env[name].with_context(active_test=False).search_count([]) for name in models}
        record = self._import(self.sheets)
        messages = (
            self.env["mail.message"].sudo().browse([line.res_id for line in self._get_lines(record, "follow_up")])
        )
        record.action_undo()
        after = {name: self.env[name].with_context(active_test=False).search_count([]) for name in models}
        self.assertEqual(before, after)
        self.assertFalse(messages.exists())
        self.assertEqual(set((record.line_ids | record.value_line_ids).mapped("state")), {"undone"})
        with self.assertRaisesRegex(UserError, "undone already"):
            record.action_undo()

    def test_undo_keeps_what_was_used(self):
        record = self._import(self.sheets)
        bolt, gear = (self.env["res.partner"].browse(line.res_id) for line in self._get_lines(record))
        deals = self.env["crm.lead"].browse([line.res_id for line in self._get_lines(record, "deal")])
        self.env["sale.order"].create({"partner_id": bolt.id})
        deals[1].with_user(self.member).message_post(body=WORDS, message_type="comment")
        record.action_undo()
        lines = self._get_lines(record)
        self.assertEqual(bolt.exists() | gear.exists(), bolt | gear)
        self.assertEqual(deals.exists(), deals[1])
        self.assertIn("Sales Order", lines[0].message)
        self.assertIn("Lead", lines[1].message)
        self.assertIn("somebody wrote on it", self._get_lines(record, "deal")[1].message)
        self.assertFalse(bolt.child_ids)

    def test_undo_keeps_what_was_changed(self):
        record = self._import(self.sheets)
        bolt, gear = (self.env["res.partner"].browse(line.res_id) for line in self._get_lines(record))
        self.env.flush_all()
        later = fields.Datetime.now() + timedelta(hours=1)
        self.env.cr.execute(
            "UPDATE res_partner SET write_date = %s, write_uid = CASE id WHEN %s THEN %s ELSE 1 END WHERE id IN %s",
            [later, gear.id, self.member.id, (bolt.id, gear.id)],
        )
        record.action_undo()
        self.assertEqual((bolt | gear).exists(), gear)
        self.assertIn("it was changed", self._get_lines(record)[1].message)

    # === Guarded === #

    def test_what_an_import_found_is_not_written_by_hand(self):
        record = self._check(self.sheets).with_user(self.manager)
        line = self._get_lines(record)[0]
        for values in ({"res_id": 1}, {"state": "imported"}, {"data": {}}, {"match_id": 1}):
            with self.subTest(values), self.assertRaises(AccessError):
                line.write(values)
        with self.assertRaises(UserError):
            line.choice = "create"
        with self.assertRaises(AccessError):
            record.write({"state": "imported"})
        with self.assertRaises(AccessError):
            self.imports.with_user(self.manager).create({"state": "imported"})

    def test_defaults_of_a_window_forge_nothing(self):
        context = {"default_res_model": "res.users", "default_res_id": self.member.id, "default_parent_id": 1}
        record = self._upload(write_book(self.sheets)).with_context(**context)
        record.action_check()
        record.action_import()
        self.assertNotIn("res.users", record.line_ids.mapped("res_model"))
        bolt = self.env["res.partner"].browse(self._get_lines(record)[0].res_id)
        self.assertFalse(bolt.parent_id)
