from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.sales_management.const import DEAL_SEQUENCE_CODE
from odoo.addons.sales_management.tests.common import DealCommon


@tagged("post_install", "-at_install", "process")
class TestDealSequence(DealCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shared = cls.env.ref("sales_management.sequence_deal")
        cls.branch = cls.env["res.company"].create({"name": "Shenzhen"})

    def _create_sequence(self, **values):
        return self.env["ir.sequence"].create(
            {"name": "Shenzhen deals", "code": DEAL_SEQUENCE_CODE, "company_id": self.branch.id, **values}
        )

    def _create_branch_deal(self):
        partner = self._branch_partner()
        return self._create_deals(user_id=False, team_id=False, company_id=self.branch.id, partner_id=partner.id)

    def _branch_partner(self):
        return self.env["res.partner"].create({"name": "Local", "company_id": self.branch.id})

    def test_company_may_have_a_sequence_of_its_own(self):
        self.assertTrue(self._create_branch_deal().deal_number.startswith("D"))
        self._create_sequence(prefix="SZ%(y)s/", padding=4, number_next=7)
        self.assertRegex(self._create_branch_deal().deal_number, r"^SZ\d\d/0007$")
        self.assertTrue(self._create_deals().deal_number.startswith("D"), "Others go on with the shared one.")

    def test_batch_over_companies_takes_one_query(self):
        self._create_sequence(prefix="SZ-", padding=3)
        leads = self._create_deals(3, type="lead") | self.env["crm.lead"].create(
            [
                {"name": "B", "type": "lead", "company_id": self.branch.id, "user_id": False, "team_id": False,
                 "partner_id": self._branch_partner().id}
                for _position in range(2)
            ]
        )
        self.env.flush_all()
        leads._draw_deal_numbers()
        with self.assertQueryCount(1):
            numbers = list(leads._draw_deal_numbers().values())
        self.assertEqual([number.startswith("SZ-") for number in numbers], [False] * 3 + [True] * 2)

    def test_sequence_has_a_prefix_of_its_own(self):
        with self.assertRaisesRegex(ValidationError, "prefix of its own"):
            self._create_sequence(prefix=self.shared.prefix)

    def test_companies_share_one_sequence(self):
        with self.assertRaisesRegex(ValidationError, "share another one"):
            self._create_sequence(company_id=False, prefix="S-")
        archived = self._create_sequence(company_id=False, prefix="T-", active=False)
        with self.assertRaisesRegex(ValidationError, "share another one"):
            archived.active = True

    def test_change_of_the_form_counts_at_once(self):
        sequence = self._create_sequence(prefix="SZ-", padding=3)
        self.assertEqual(len(self._create_branch_deal().deal_number), 6)
        sequence.write({"padding": 6, "suffix": "/X"})
        self.assertRegex(self._create_branch_deal().deal_number, r"^SZ-\d{6}/X$")
        sequence.code = "other"
        self.assertTrue(self._create_branch_deal().deal_number.startswith("D"))
        sequence.code = DEAL_SEQUENCE_CODE
        self.assertTrue(self._create_branch_deal().deal_number.startswith("SZ-"))

    def test_zone_that_is_not_known_is_utc(self):
        self.env.cr.execute("UPDATE res_partner SET tz = 'Mars/Olympus' WHERE id = %s", [self.branch.partner_id.id])
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self.assertTrue(self._create_branch_deal().deal_number)

    def test_numbers_outgrow_their_size(self):
        self.shared.number_next_actual = 99999
        numbers = self._create_deals(2).mapped("deal_number")
        self.assertEqual([number.rpartition("-")[2] for number in numbers], ["99999", "100000"])

    def test_change_of_the_prefix_counts_at_once(self):
        self._create_deals()
        self.shared.prefix = "X-"
        self.assertTrue(self._create_deals().deal_number.startswith("X-"))

    def test_percent_sign_in_a_prefix_is_text(self):
        self.shared.prefix = "50%%-"
        self.assertTrue(self._create_deals().deal_number.startswith("50%-"))

    def test_sequence_that_would_repeat_numbers_is_refused(self):
        for values in ({"implementation": "no_gap"}, {"use_date_range": True}, {"prefix": "A,B"}, {"suffix": ";"}):
            with self.subTest(values), self.assertRaises(ValidationError):
                self._create_sequence(**values)

    def test_broken_prefix_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "Shenzhen deals"):
            self._create_sequence(prefix="%(yaer)s-")

    def test_last_shared_sequence_stays(self):
        for attempt in (
            self.shared.unlink,
            lambda: self.shared.write({"active": False}),
            lambda: self.shared.write({"code": "other"}),
            lambda: self.shared.write({"company_id": self.branch.id}),
        ):
            with self.assertRaisesRegex(UserError, "no company"), self.env.cr.savepoint():
                attempt()

    def test_sequence_of_a_company_may_go(self):
        sequence = self._create_sequence(prefix="SZ-")
        self._create_branch_deal()
        sequence.unlink()
        self.assertTrue(self._create_branch_deal().deal_number.startswith("D"))
