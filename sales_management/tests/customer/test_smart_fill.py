"""What is known of a company: from one's own database, with the rights of whoever asks, and from a provider."""

from unittest.mock import patch

from requests.exceptions import ReadTimeout

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.sales_management.models.customer import res_partner_smart_fill
from odoo.addons.sales_management.tests.common import DealCommon
from odoo.addons.sales_management.tests.test_access_rights import FORBIDDEN, AccessCommon
from odoo.addons.sales_management.tools.smart_fill import SmartFillFind


class SmartFillCommon(DealCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.sales_customer_enabled = True
        cls.germany = cls.env.ref("base.de")
        cls.archived = cls.env["res.partner"].create(
            {
                "name": "Weber Küchen GmbH",
                "is_company": True,
                "vat": "DE811569869",
                "phone": "+49 30 901820",
                "street": "Hauptstr. 1",
                "city": "Berlin",
                "country_id": cls.germany.id,
                "company_size": "medium",
                "active": False,
            }
        )

    def _ask(self, user=None, **values):
        return self.env["res.partner"].with_user(user or self.salesperson).get_smart_fill(values)

    def _find(self, user=None, **values):
        result = self._ask(user, **values)
        self.assertFalse(result["problems"])
        return result["finds"]

    @staticmethod
    def _texts(find):
        return {value["name"]: value["text"] for value in find["values"]}


@tagged("post_install", "-at_install", "customer")
class TestSmartFill(SmartFillCommon):
    # === One's own database === #

    def test_archived_customer_is_known_by_tax_id_and_name(self):
        for values in (
            {"vat": "de 811 569 869"},
            {"vat": "811569869", "country_id": self.germany.id},
            {"name": "WEBER KUECHEN"},
        ):
            with self.subTest(values):
                [find] = self._find(**values)
                self.assertEqual(
                    (find["label"], find["existing_id"]), ("Archived: Weber Küchen GmbH", self.archived.id)
                )
                texts = self._texts(find)
                self.assertEqual((texts["city"], texts["country_id"]), ("Berlin", "Germany"))
                [country] = [value for value in find["values"] if value["name"] == "country_id"]
                self.assertEqual(country["value"]["id"], self.germany.id)

    def test_chinese_names_are_known(self):
        self.archived.name = "杭州博世机械有限公司"
        [find] = self._find(name="博世（杭州）机械")
        self.assertEqual(self._texts(find)["phone"], "+49 30 901820")

    def test_what_is_filled_stays(self):
        [find] = self._find(name="Weber Küchen", filled=["name", "phone", "city"])
        self.assertTrue({"name", "phone", "city"}.isdisjoint(self._texts(find)))
        self.assertIn("street", self._texts(find))

    def test_customer_that_is_there_is_to_be_opened(self):
        self.archived.active = True
        [find] = self._find(name="Weber Küchen")
        self.assertEqual((find["existing_id"], find["values"]), (self.archived.id, []))
        self.assertFalse(self._find(name="Weber Küchen", id=self.archived.id))

    def test_leads_know_it(self):
        self._create_deals(partner_name="Nordlicht AG", phone="+49 40 1234567", email_from="info@nordlicht.example")
        lost = self._create_deals(partner_name="Nordlicht", city="Hamburg")
        lost.action_set_lost()
        finds = self._find(name="Nordlicht")
        self.assertEqual(
            [self._texts(find) for find in finds],
            [
                {"city": "Hamburg"},
                {"phone": "+49 40 1234567", "email": "info@nordlicht.example"},
            ],
        )

    def test_leads_of_others_tell_nothing(self):
        self._create_deals(
            partner_name="Nordlicht AG", phone="1", user_id=self.users_by_role["member"].id, team_id=False
        )
        self.assertFalse(self._find(name="Nordlicht"))
        self.assertTrue(self._find(self.manager, name="Nordlicht"))
        self.assertFalse(self._find(self.finance, name="Nordlicht"))

    def test_contacts_with_the_same_domain(self):
        firm = self.env["res.partner"].create(
            {
                "name": "Linden",
                "is_company": True,
                "child_ids": [Command.create({"name": "Anna", "email": "anna@linden.de"})],
            }
        )
        self.env["res.partner"].create({"name": "Ben", "email": "ben@mail.linden.de", "city": "Bremen"})
        self.env["res.partner"].create({"name": "Carl", "email": "carl@xlinden.de", "city": "Kiel"})
        finds = self._find(email="info@linden.de")
        self.assertEqual([find["existing_id"] for find in finds], [firm.id])
        self.env["res.partner"].create({"name": "Dora", "email": "dora@linden.de", "city": "Bremen"})
        self.assertIn({"city": "Bremen"}, [self._texts(find) for find in self._find(website="www.linden.de")])

    def test_free_mail_says_nothing(self):
        self.env["res.partner"].create({"name": "Eva", "email": "eva@gmail.com", "city": "Bremen"})
        self.assertFalse(self._find(email="max@gmail.com"))

    def test_hidden_customers_tell_nothing(self):
        self.archived.user_id = self.users_by_role["member"]
        self.company.customer_visibility_limited = True
        self.assertFalse(self._find(vat="DE811569869"))
        self.assertTrue(self._find(self.manager, vat="DE811569869"))

    def test_bad_input_is_harmless(self):
        for values in (
            {},
            {"name": "", "vat": "", "filled": None},
            {"name": "GmbH", "vat": "/"},
            {"name": "%_\\'", "vat": "'; DROP TABLE res_partner"},
            {"name": 5, "vat": ["x"], "id": "x", "country_id": "DE", "website": None},
            {"name": "（）", "email": "@", "website": "http://"},
            {"name": "A" * 100000},
            {"country_id": 10**9, "name": "Nobody of this name"},
        ):
            with self.subTest(str(values)[:60]):
                self.assertFalse(self._find(**values))

    def test_switched_off_nothing_is_asked(self):
        self.company.sales_customer_enabled = False
        self.assertFalse(self._find(vat="DE811569869"))

    def test_people_from_outside_ask_nothing(self):
        with self.assertRaises(AccessError):
            self._ask(self.users_by_role["portal"], name="Weber Küchen")

    # === Providers === #

    def _provide(self, method, name="Register"):
        """Add a provider behind one's own database, as an integrator does."""
        model = self.env.registry["res.partner"]
        providers = self.env["res.partner"]._get_smart_fill_providers()
        self.patch(model, "_find_test_provider", method)
        self.patch(model, "_get_smart_fill_providers", lambda partners: [*providers, (name, "_find_test_provider")])

    def setUp(self):
        super().setUp()
        self.env.registry["res.partner"]._find_test_provider = lambda *args: []
        self.addCleanup(delattr, self.env.registry["res.partner"], "_find_test_provider")

    def test_provider_is_asked_last_and_with_the_rights_of_the_user(self):
        asked = []

        def ask(partners, query, seconds):
            asked.append((partners.env.user, partners.env.su, query, seconds))
            values = {"name": "Weber Küchen GmbH & Co. KG", "country_id": self.germany, "no_such_field": 1, "id": 5}
            return [SmartFillFind("Register: Weber", values)]

        self._provide(ask)
        finds = self._find(vat="DE811569869", name="Weber Küchen")
        self.assertEqual([find["label"] for find in finds], ["Archived: Weber Küchen GmbH", "Register: Weber"])
        self.assertEqual(self._texts(finds[1]), {"name": "Weber Küchen GmbH & Co. KG", "country_id": "Germany"})
        [(user, su, query, seconds)] = asked
        self.assertEqual((user, su), (self.salesperson, False))
        self.assertEqual((query.vat, query.name), ("DE811569869", "Weber Küchen"))
        self.assertLessEqual(seconds, res_partner_smart_fill.PATIENCE)

    def test_provider_that_fails_says_so_and_harms_nothing(self):
        def time_out(partners, query, seconds):
            raise ReadTimeout("no")

        def fail(partners, query, seconds):
            partners.sudo().create({"name": "Half done"})
            raise KeyError("x")

        def forget(partners, query, seconds):
            return None

        for method, words in (
            (time_out, "Register did not answer in time."),
            (fail, "Register could not be asked. The log says why."),
            (forget, "Register could not be asked. The log says why."),
            (lambda partners, query, seconds: partners.env.cr.execute("SELECT nonsense"), "could not be asked"),
        ):
            self._provide(method)
            with mute_logger(res_partner_smart_fill.__name__, "odoo.sql_db"):
                result = self._ask(vat="DE811569869")
            self.assertIn(words, result["problems"][0])
            self.assertEqual(len(result["finds"]), 1)
        self.assertFalse(self.env["res.partner"].search([("name", "=", "Half done")]))

    def test_providers_share_the_time(self):
        with patch.object(res_partner_smart_fill, "PATIENCE", 0):
            result = self._ask(vat="DE811569869")
        self.assertFalse(result["finds"])
        self.assertEqual(result["problems"][0], "Customers was not asked: others took too long.")

    def test_wrong_values_of_a_provider_are_left_out(self):
        values = {"state_id": 10**9, "company_size": "huge", "phone": 12345, "website": None, "city": "x" * 10000}
        self._provide(lambda partners, query, seconds: [SmartFillFind("Register", values)])
        [find] = self._find(name="Somebody")
        self.assertEqual(set(self._texts(find)), {"phone", "city"})
        self.assertEqual(len(self._texts(find)["city"]), 500)


@tagged("post_install", "-at_install", "access", "customer")
class TestSmartFillAccess(AccessCommon):
    def test_who_may_ask_over_rpc(self):
        self.env.company.sales_customer_enabled = True
        self.env["res.partner"].create({"name": "Weber", "vat": "DE811569869", "is_company": True, "active": False})
        arguments = {"values": {"vat": "DE811569869"}}
        for user in (self.salesperson, self.leader, self.manager, self.finance):
            result = self._call(user, "res.partner", "get_smart_fill", **arguments)
            self.assertEqual(result["finds"][0]["label"], "Archived: Weber")
        self._assert_refused(FORBIDDEN, self.portal, "res.partner", "get_smart_fill", **arguments)


@tagged("post_install", "-at_install", "customer")
class TestSmartFillTour(SmartFillCommon, HttpCase):
    def test_empty_fields_of_a_new_customer_are_filled(self):
        self.salesperson.group_ids = [Command.link(self.env.ref("base.group_partner_manager").id)]
        self.start_tour("/odoo/customers/new", "customer_smart_fill", login=self.salesperson.login)
        partner = self.env["res.partner"].search([("name", "=", "Weber Küchen")])
        self.assertEqual(
            (partner.city, partner.country_id, partner.phone),
            ("Berlin", self.germany, "030 1"),
            "What was typed stays.",
        )
        self.assertFalse(partner.street, "It was left out by hand.")
