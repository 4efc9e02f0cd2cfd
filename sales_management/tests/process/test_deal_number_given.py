from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.sales_management.tests.common import DealCommon


@tagged("post_install", "-at_install", "process")
class TestDealNumberGiven(DealCommon):
    """Numbers that an import brings."""

    def _next_counter(self):
        return self._counter(self._create_deals().deal_number) + 1

    def _number(self, counter):
        return f"D{self.year}-{counter:05d}"

    def test_given_number_is_kept_verbatim(self):
        deals = self.env["crm.lead"].create(
            [
                {"name": "Old system", "type": "opportunity", "deal_number": "  HT 2019/4 "},
                {"name": "Chinese", "type": "opportunity", "deal_number": "项目-0007"},
                {"name": "Empty", "type": "opportunity", "deal_number": " "},
            ]
        )
        self.assertEqual(deals[:2].mapped("deal_number"), ["HT 2019/4", "项目-0007"])
        self.assertTrue(deals[2].deal_number.startswith("D"))

    def test_import_brings_former_numbers(self):
        result = self.env["crm.lead"].load(
            ["name", "type", "deal_number"],
            [["One", "opportunity", "OLD-1"], ["Two", "opportunity", "OLD-2"], ["Three", "opportunity", ""]],
        )
        self.assertFalse(result["messages"])
        deals = self.env["crm.lead"].browse(result["ids"])
        self.assertEqual(deals[:2].mapped("deal_number"), ["OLD-1", "OLD-2"])
        self.assertRegex(deals[2].deal_number, r"^D\d{4}-\d{5,}$")

    def test_import_updates_a_deal_by_its_number_unchanged(self):
        deal = self._create_deals()
        xmlid = deal.export_data(["id"])["datas"][0][0]
        result = self.env["crm.lead"].load(["id", "deal_number", "name"], [[xmlid, deal.deal_number, "Renamed"]])
        self.assertFalse(result["messages"])
        self.assertEqual(deal.name, "Renamed")

    def test_sequence_steps_round_given_numbers(self):
        following = self._next_counter()
        given = [self._number(following + offset) for offset in (0, 1, 3)]
        self.env["crm.lead"].create([{"name": n, "type": "opportunity", "deal_number": n} for n in given])
        drawn = [self._counter(deal.deal_number) - following for deal in self._create_deals(3)]
        self.assertEqual(drawn, [2, 4, 5])

    def test_stepping_round_a_block_takes_one_query(self):
        following = self._next_counter()
        given = [self._number(following + offset) for offset in range(300)]
        self.env["crm.lead"].create([{"name": n, "type": "opportunity", "deal_number": n} for n in given])
        unnumbered = self._create_deals(5, type="lead")
        self.env.flush_all()
        with self.assertQueryCount(1):
            numbers = unnumbered._draw_deal_numbers()
        counters = [self._counter(number) for number in numbers.values()]
        self.assertEqual(counters, list(range(following + 300, following + 305)))

    def test_given_and_drawn_in_one_batch_do_not_meet(self):
        following = self._next_counter()
        deals = self.env["crm.lead"].create(
            [
                {"name": "Drawn", "type": "opportunity"},
                {"name": "Given", "type": "opportunity", "deal_number": self._number(following)},
                {"name": "Drawn too", "type": "opportunity"},
            ]
        )
        self.assertEqual(len(set(deals.mapped("deal_number"))), 3)
        self.assertEqual(deals[1].deal_number, self._number(following))

    def test_sequence_steps_round_numbers_of_deals_that_are_gone(self):
        following = self._next_counter()
        deal = self.env["crm.lead"].create(
            {"name": "Gone", "type": "opportunity", "deal_number": self._number(following)}
        )
        deal.unlink()
        self.assertEqual(self._counter(self._create_deals().deal_number), following + 1)

    def test_only_a_manager_brings_a_deleted_deal_back(self):
        self._create_deals(deal_number="OLD-9").unlink()
        values = {"name": "Back", "type": "opportunity", "deal_number": "OLD-9"}
        with self.assertRaisesRegex(ValidationError, "(?s)OLD-9.*sales manager"):
            self.env["crm.lead"].with_user(self.salesperson).create(values)
        deal = self.env["crm.lead"].with_user(self.manager).create(values)
        self.assertEqual(deal.deal_number, "OLD-9")
        self.assertFalse(self.env["sales.deal.number"].search([("name", "=", "OLD-9")]))

    def test_number_of_another_type_is_taken_as_text(self):
        deal = self._create_deals(deal_number=4711)
        self.assertEqual(deal.deal_number, "4711")
        deal.write({"deal_number": 4711})

    def test_name_of_a_hidden_deal_is_not_told(self):
        self._create_deals(name="Secret", deal_number="OLD-8", user_id=self.manager.id, team_id=self.other_team.id)
        with self.assertRaisesRegex(ValidationError, "another salesperson") as error:
            self.env["crm.lead"].with_user(self.salesperson).create({"name": "New", "deal_number": "OLD-8"})
        self.assertNotIn("Secret", str(error.exception))

    def test_all_problems_are_told_at_once(self):
        self._create_deals(name="Holder", deal_number="OLD-1")
        with self.assertRaises(ValidationError) as error:
            self.env["crm.lead"].create(
                [
                    {"name": "A", "type": "opportunity", "deal_number": "OLD-1"},
                    {"name": "B", "type": "opportunity", "deal_number": "OLD-2"},
                    {"name": "C", "type": "opportunity", "deal_number": "OLD-2"},
                    {"name": "D", "type": "opportunity", "deal_number": "OLD,3"},
                ]
            )
        for part in ("OLD-1", "Holder", "OLD-2", "2 of the new deals", "OLD,3"):
            self.assertIn(part, str(error.exception))

    def test_number_of_a_merged_deal_is_taken(self):
        deals = self._create_deals(2)
        deals.merge_opportunity()
        merged = deals.exists()
        with self.assertRaisesRegex(ValidationError, merged.former_deal_numbers):
            self._create_deals(deal_number=merged.former_deal_numbers)

    def test_former_numbers_are_not_written_by_hand(self):
        deal = self._create_deals()
        for user in (self.salesperson, self.manager):
            with self.assertRaises(UserError):
                deal.with_user(user).former_deal_numbers = "OLD-7"
            with self.assertRaises(UserError):
                self.env["crm.lead"].with_user(user).create({"name": "New", "former_deal_numbers": "OLD-7"})
