import time
from datetime import datetime

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.sales_management.tests.process.gate_common import GateCommon

#: As many deals as a company brings with it.
MANY = 5000
COLUMNS = [
    "id",
    "name",
    "type",
    "stage_id/.id",
    "deal_number",
    "former_deal_numbers",
    "deal_opened_on",
    "date_last_stage_update",
]


@tagged("post_install", "-at_install", "process")
class TestDealImport(GateCommon):
    """Deals that come from elsewhere with their past."""

    def _prepare_row(self, key, former="", opened="2025-03-02 09:00:00", entered="2025-06-18 14:30:00"):
        return [
            f"__import__.gate_{key}",
            f"Running {key}",
            "Opportunity",
            str(self.fourth.id),
            f"HT-{key}",
            former,
            opened,
            entered,
        ]

    def _load(self, rows, columns=COLUMNS):
        # As the import screen does, unless its user wants the history of what is imported.
        deals = self.env["crm.lead"].with_user(self.salesperson).with_context(import_file=True, tracking_disable=True)
        result = deals.load(columns, rows)
        self.env.invalidate_all()
        return result

    def _import(self, *rows):
        result = self._load(rows)
        self.assertTrue(result["ids"], result["messages"])
        return self.env["crm.lead"].browse(result["ids"])

    def _assert_import_refused(self, rows, *texts):
        result = self._load(rows)
        self.assertFalse(result["ids"])
        messages = "\n".join(message["message"] for message in result["messages"])
        for text in texts:
            self.assertIn(text, messages)

    def _count(self):
        return {
            model: self.env[model].with_context(active_test=False).search_count([])
            for model in ("mail.mail", "mail.activity", "sales.deal.task")
        }

    # === Many === #

    def test_thousands_straight_into_a_late_stage(self):
        self._require()
        self._set_policy("back_reason")
        self.env["sales.stage.task"].create({"name": "Call", "stage_id": self.fourth.id, "hours": 24})
        before = self._count()
        started = time.process_time()
        deals = self._import(*(self._prepare_row(number, former=f"OLD-{number}") for number in range(MANY)))
        self.assertEqual(len(deals), MANY)
        self.assertLess(time.process_time() - started, 60, "A multiple of what it takes, for slow machines.")
        self.assertEqual(self._count(), before)
        moves = self.env["sales.stage.move"].search([("lead_id", "in", deals.ids)])
        self.assertEqual(len(moves), MANY)
        self.assertEqual(
            {(m.direction, m.origin, m.moved_at) for m in moves}, {("enter", "import", datetime(2025, 6, 18, 14, 30))}
        )
        self.assertEqual(set(deals.mapped("deal_opened_on")), {datetime(2025, 3, 2, 9)})

    def test_what_it_adds_does_not_grow_with_the_rows(self):
        counts = []
        for size in (1, 20):
            queries = {}
            for switch in (False, True):
                self.company.sales_process_enabled = switch
                rows = [self._prepare_row(f"{size}-{switch}-{n}", former=f"O-{size}-{switch}-{n}") for n in range(size)]
                self._load([self._prepare_row(f"warm-{size}-{switch}")])
                self.env.flush_all()
                before = self.env.cr.sql_log_count
                self._import(*rows)
                self.env.flush_all()
                queries[switch] = self.env.cr.sql_log_count - before
            counts.append(queries[True] - queries[False])
        self.assertLessEqual(counts[1], counts[0] + 1, counts)

    # === Dates === #

    def test_age_in_the_stage_counts_from_the_date_brought(self):
        deal = self._import(self._prepare_row("A"))
        self.assertEqual(deal.date_last_stage_update, datetime(2025, 6, 18, 14, 30))
        deal.phone = "1"
        deal.with_user(self.salesperson).stage_id = self.won
        move = self._get_moves(deal)[-1]
        self.assertGreater(move.days_in_stage, 365)
        self.assertGreater(deal.date_last_stage_update, datetime(2026, 1, 1))

    def test_without_dates_it_begins_now(self):
        deal = self._import(self._prepare_row("A", opened="", entered=""))
        self.assertFalse(deal.deal_opened_on)
        self.assertEqual(self._get_moves(deal).moved_at, deal.date_last_stage_update)

    def test_dates_that_cannot_be(self):
        for dates in (
            {"opened": "2099-01-01 00:00:00"},
            {"entered": "2099-01-01 00:00:00"},
            {"opened": "2025-06-01 00:00:00", "entered": "2025-05-01 00:00:00"},
        ):
            with self.subTest(dates):
                self._assert_import_refused([self._prepare_row("A", **dates)], "Running A")

    def test_only_an_import_or_a_manager_brings_dates(self):
        values = {"name": "New", "type": "opportunity", "deal_opened_on": "2025-03-02 09:00:00"}
        leads = self.env["crm.lead"].with_context(import_file=True)
        for user in (self.salesperson, self.leader):
            with self.assertRaises(UserError):
                leads.with_user(user).create(values)
        self.assertEqual(leads.with_user(self.manager).create(values).deal_opened_on, datetime(2025, 3, 2, 9))
        default = leads.with_context(default_deal_opened_on="2025-03-02 09:00:00").with_user(self.salesperson)
        self.assertFalse(default.create({"name": "New", "type": "opportunity"}).deal_opened_on)

    def test_nobody_else_changes_them_later(self):
        deal = self._import(self._prepare_row("A")).with_user(self.salesperson)
        for name in ("deal_opened_on", "date_last_stage_update"):
            with self.subTest(name), self.assertRaisesRegex(UserError, "HT-A"):
                deal.write({name: "2025-01-01 00:00:00"})
        manager = deal.with_user(self.manager)
        manager.deal_opened_on = "2025-01-01 00:00:00"
        with self.assertRaises(UserError):
            manager.date_last_stage_update = "2025-01-01 00:00:00"

    def test_same_file_again_changes_nothing(self):
        for row in (self._prepare_row("B", opened="", entered=""), self._prepare_row("A", former="HT-2, HT-1")):
            deal = self._import(row)
            self.assertEqual(self._import(row), deal)
            self.assertEqual(self._get_moves(deal).mapped("direction"), ["enter"])
        row[6] = "2024-01-01 00:00:00"
        self._assert_import_refused([row], "Opened On", "HT-A")

    def test_copy_begins_anew(self):
        copy = self._import(self._prepare_row("A")).copy()
        self.assertFalse(copy.deal_opened_on)
        self.assertGreater(copy.date_last_stage_update, datetime(2026, 1, 1))

    # === Former numbers === #

    def test_former_numbers_find_the_deal(self):
        deal = self._import(self._prepare_row("A", former=" HT-9;HT-7， HT-8 "))
        self.assertEqual(deal.former_deal_numbers, "HT-7, HT-8, HT-9")
        self.assertEqual(self.env["crm.lead"]._find_by_deal_numbers(["HT-8"])["HT-8"], deal)

    def test_former_numbers_that_clash(self):
        self._import(self._prepare_row("A", former="HT-9"))
        number = self.deal.deal_number
        for row, text in (
            (self._prepare_row("B", former=number), number),
            (self._prepare_row("B", former="HT-9"), "HT-9"),
            (self._prepare_row("B", former="HT-B"), "HT-B"),
            (self._prepare_row("B", former="HT-A"), "HT-A"),
        ):
            with self.subTest(text):
                self._assert_import_refused([row], text)
        twice = [self._prepare_row("C", former="HT-5"), self._prepare_row("D", former="HT-5")]
        self._assert_import_refused(twice, "HT-5", "2 times")

    def test_sequence_steps_round_former_numbers(self):
        counter = self._counter(self.deal.deal_number)
        taken = self.deal.deal_number.replace(f"{counter:05d}", f"{counter + 1:05d}")
        self._import(self._prepare_row("A", former=taken))
        self.assertNotEqual(self._create_deals().deal_number, taken)

    def test_former_numbers_come_by_import_alone(self):
        values = {"name": "New", "former_deal_numbers": "HT-9"}
        for user in (self.salesperson, self.manager):
            with self.assertRaises(UserError):
                self.env["crm.lead"].with_user(user).with_context(import_file=True).create(values)
        row = self._prepare_row("A")
        self._import(row)
        row[5] = "HT-9"
        self._assert_import_refused([row], "Former Deal Numbers")

    def test_import_that_cannot_take_a_row_still_knows_what_it_is(self):
        """After a first refusal core goes on row by row: the others are no moves of a person then either."""
        self._require()
        rows = [self._prepare_row("A", former="HT-1"), self._prepare_row("B", opened="2099-01-01 00:00:00")]
        result = self._load(rows)
        self.assertFalse(result["ids"])
        for message in result["messages"]:
            self.assertIn("Running B", message["message"])

    # === Template === #

    def test_template_has_the_columns(self):
        templates = self.env["crm.lead"].get_import_templates()
        self.assertEqual(templates[-1]["template"], "/sales_management/static/xls/running_deals.xlsx")
        columns = self.env["base_import.import"].get_fields_tree("crm.lead")
        names = {column["name"] for column in columns}
        self.assertLessEqual({"deal_opened_on", "date_last_stage_update", "former_deal_numbers"}, names)
