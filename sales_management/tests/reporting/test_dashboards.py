"""Dashboards are what docs/build_dashboards.py writes, name what exists, and can be read by whoever sees them."""

import importlib.util
import json
from pathlib import Path

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import extract_spreadsheet_terms

from odoo.addons.sales_management.models.reporting.spreadsheet_dashboard import INCLUDED, NAMES
from odoo.addons.sales_management.tests.common import RolesMixin

ADDON = Path(__file__).parents[2]
FOLDER = ADDON / "data" / "dashboards"
BUILDER = ADDON.parent / "docs" / "build_dashboards.py"
ROLES = ("salesperson", "member", "leader", "manager")


def get_terms(name):
    with (FOLDER / name).open("rb") as file:
        return {term for _line, _function, term, _comments in extract_spreadsheet_terms(file, [], [], {})}


class Source:
    """What a dashboard asks the server for: a pivot, or a chart."""

    def __init__(self, definition):
        chart = definition.get("searchParams")
        self.model = definition["metaData"]["resModel"] if chart else definition["model"]
        self.domain = chart["domain"] if chart else definition["domain"]
        if chart:
            self.groups = definition["metaData"]["groupBy"]
            self.measures = [definition["metaData"]["measure"]]
        else:
            self.groups = [each["fieldName"] for each in (*definition["rows"], *definition["columns"])]
            self.measures = [each["fieldName"] for each in definition["measures"]]
        self.matching = definition["fieldMatching"]
        self.action = definition["actionXmlId"]


@tagged("post_install", "-at_install", "reporting")
class TestDashboards(RolesMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_roles()
        cls.env.company.sales_reporting_enabled = True
        cls.files = {name: json.loads((FOLDER / f"{name}_dashboard.json").read_text()) for name in NAMES}

    def _iter_sources(self):
        for name, data in self.files.items():
            for definition in data["pivots"].values():
                yield name, Source(definition)
            for sheet in data["sheets"]:
                for figure in sheet["figures"]:
                    if figure["data"]["type"].startswith("odoo_"):
                        yield name, Source(figure["data"])

    # === Files === #

    def test_the_files_are_those_of_the_generator(self):
        if not BUILDER.exists():
            self.skipTest("The addon stands alone, without its docs.")
        spec = importlib.util.spec_from_file_location("build_dashboards", BUILDER)
        builder = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(builder)
        files = builder.build()
        self.assertEqual(set(files), {path.name for path in FOLDER.iterdir()})
        for name, text in files.items():
            self.assertTrue((FOLDER / name).read_text() == text, f"{name}: run docs/build_dashboards.py")

    def test_odoo_finds_what_they_name(self):
        for dashboard in self.env["spreadsheet.dashboard"]._get_sales_dashboards():
            dashboard._check_spreadsheet_data()
        problems = []
        for name, source in self._iter_sources():
            model = self.env[source.model]
            chains = [*source.measures, *(group.partition(":")[0] for group in source.groups)]
            chains += [match["chain"] for match in source.matching.values()]
            for chain in chains:
                target = model
                for part in chain.split("."):
                    field = target._fields.get(part)
                    if not field:
                        problems.append(f"{name}: {source.model} has no {chain}")
                        break
                    target = self.env[field.comodel_name] if field.relational else target
            problems += [
                f"{name}: {each} is no measure" for each in source.measures if not model._fields[each].aggregator
            ]
            if self.env.ref(source.action).res_model != source.model:
                problems.append(f"{name}: {source.action} is not of {source.model}")
        self.assertFalse(problems)

    def test_filters_are_of_the_models_that_they_narrow(self):
        problems = []
        for name, source in self._iter_sources():
            filters = {each["id"]: each for each in self.files[name]["globalFilters"]}
            for code, match in source.matching.items():
                target = self.env[source.model]
                for part in match["chain"].split("."):
                    field = target._fields[part]
                    target = self.env[field.comodel_name] if field.relational else target
                if filters[code]["type"] == "date":
                    is_right = field.type == match["type"]
                elif filters[code]["type"] == "selection":
                    values = filters[code].get("defaultValue", {}).get("selectionValues", [])
                    is_right = field.name == filters[code]["selectionField"] and set(values) <= set(
                        field.get_values(self.env)
                    )
                else:
                    is_right = field.comodel_name == filters[code]["modelName"]
                if not is_right:
                    problems.append(f"{name}: {code} narrows {match['chain']} of {source.model}")
        self.assertFalse(problems)

    def test_every_amount_says_whether_tax_is_in_it(self):
        for name in NAMES:
            terms = get_terms(f"{name}_dashboard.json")
            for term in terms:
                if "excl. tax" in term:
                    self.assertIn(term.replace("excl. tax", "incl. tax"), terms, "Both are there to be translated.")
            self.assertLessEqual(
                {term for term in get_terms(f"{name}_sample_dashboard.json") if "excl. tax" in term}, terms
            )

    # === Who sees what === #

    def test_every_role_reads_every_source_without_writing(self):
        self.env.flush_all()
        self.env.cr.execute("SET TRANSACTION READ ONLY")
        for role in ROLES:
            for _name, source in self._iter_sources():
                report = self.env[source.model].with_user(self.users_by_role[role])
                aggregates = [f"{each}:{report._fields[each].aggregator}" for each in source.measures]
                report.formatted_read_group(source.domain, source.groups, aggregates)
                narrowed = [
                    [match["chain"], "in", [1]] for match in source.matching.values() if match["type"] == "many2one"
                ]
                narrowed += [
                    [match["chain"], ">=", "2026-01-01"]
                    for match in source.matching.values()
                    if "date" in match["type"]
                ]
                report.formatted_read_group([*source.domain, *narrowed], source.groups, aggregates)

    def test_they_are_shown_to_salespeople_of_companies_that_have_them(self):
        dashboards = self.env["spreadsheet.dashboard"]._get_sales_dashboards()
        self.assertEqual(len(dashboards), len(NAMES))
        self.assertTrue(all(dashboards.mapped("is_published")))
        self.assertEqual(dashboards.company_ids, self.env.company)
        seen = {
            role: len(self.env["spreadsheet.dashboard"].with_user(user).search([("id", "in", dashboards.ids)]))
            for role, user in self.users_by_role.items()
            if role != "portal"
        }
        count = len(NAMES)
        self.assertEqual(
            seen,
            {"salesperson": count, "member": count, "leader": count, "manager": count, "finance": 0, "stock": 0},
        )
        other = self.env["res.company"].create({"name": "Branch"})
        self.manager.company_ids |= other
        elsewhere = (
            self.env["spreadsheet.dashboard"].with_user(self.manager).with_context(allowed_company_ids=other.ids)
        )
        self.assertFalse(elsewhere.search([("id", "in", dashboards.ids)]))
        self.env.company.sales_reporting_enabled = False
        self.assertFalse(any(dashboards.mapped("is_published")))

    def test_amounts_are_those_that_the_company_counts(self):
        dashboard = self.env.ref("sales_management.spreadsheet_dashboard_sales_board").with_user(self.salesperson)
        excluded = json.loads(dashboard._get_serialized_readonly_dashboard())["snapshot"]
        self.assertEqual(excluded["sheets"][0]["figures"][0]["data"]["title"]["text"], "Ordered, excl. tax")
        self.env.company.sales_amount_tax = "included"
        serialized = dashboard._get_serialized_readonly_dashboard()
        included = json.loads(serialized)["snapshot"]
        self.assertEqual(included["sheets"][0]["figures"][0]["data"]["title"]["text"], "Ordered, incl. tax")
        for word in INCLUDED:
            self.assertNotIn(word, serialized)
        self.assertIn("Margin, without tax", serialized)
        own = self.env["spreadsheet.dashboard"].create(
            {"name": "Own", "dashboard_group_id": dashboard.sudo().dashboard_group_id.id}
        )
        own.spreadsheet_data = json.dumps({"sheets": [{"id": "a", "name": "excl. tax"}]})
        self.assertIn("excl. tax", own._get_serialized_readonly_dashboard())

    def test_a_sample_is_shown_while_there_is_nothing(self):
        for dashboard in self.env["spreadsheet.dashboard"]._get_sales_dashboards():
            self.assertTrue(dashboard._get_sample_dashboard()["sheets"])
            self.assertTrue(dashboard.main_data_model_ids)
