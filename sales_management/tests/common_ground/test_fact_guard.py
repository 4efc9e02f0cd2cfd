"""The guard of the database: what it refuses whoever has a console, and what it must let pass."""

import io
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.sales_management.models.common.sales_fact_mixin import ERASED, GUARD, drop_fact_guards
from odoo.addons.sales_management.tests.common_ground.test_fact_mixin import MODEL, TABLE, FactCommon


@tagged("post_install", "-at_install", "facts")
class TestFactGuard(FactCommon):
    """What the database lets pass: inserting, links, foreign keys, and erasing."""

    # === Refused === #

    def test_changes_are_refused(self):
        for assignment in ("reason = 'Other'", "reason = NULL", "moved_at = now()", "id = id + 1000000"):
            with self.subTest(assignment):
                self._assert_sql_refused("UPDATE %(table)s SET %(what)s WHERE id = %(id)s", what=SQL(assignment))

    def test_change_beside_a_link_is_refused(self):
        self._assert_sql_refused(
            "UPDATE %(table)s SET lead_id = %(deal)s, moved_at = now() - interval '1 day' WHERE id = %(id)s",
            deal=self.other_deal.id,
        )

    def test_deletion_is_refused(self):
        error = self._assert_sql_refused("DELETE FROM %(table)s WHERE id = %(id)s")
        self.assertEqual(error.diag.message_detail, f"id: {self.fact.id}", "A log is no place for a person's data.")
        self._assert_sql_refused("DELETE FROM %(table)s")

    def test_truncation_is_refused(self):
        self._assert_sql_refused("TRUNCATE %(table)s CASCADE")
        self._assert_sql_refused("TRUNCATE crm_lead CASCADE")

    def test_erasing_without_saying_so_is_refused(self):
        self._assert_sql_refused("UPDATE %(table)s SET reason = %(text)s WHERE id = %(id)s", text=ERASED)

    # === Passed === #

    def test_links_may_be_repointed(self):
        self._execute("UPDATE %(table)s SET lead_id = %(deal)s WHERE id = %(id)s", deal=self.other_deal.id)
        self.assertEqual(self.fact.lead_id, self.other_deal)
        self._execute("UPDATE %(table)s SET user_id = NULL, create_uid = NULL WHERE id = %(id)s")
        self.assertFalse(self.fact.user_id)

    def test_changing_nothing_passes(self):
        self._execute("UPDATE %(table)s SET reason = reason, moved_at = moved_at WHERE id = %(id)s")

    def test_rows_may_be_copied_in(self):
        """A dump is restored by COPY, with or without the triggers in place."""
        rows, columns = io.StringIO(), ("lead_id", "moved_at", "direction", "origin", "reason")
        self.env.flush_all()
        before = self.env[MODEL].search_count([])
        self.env.cr.copy_to(rows, TABLE, columns=columns)
        rows.seek(0)
        self.env.cr.copy_from(rows, TABLE, columns=columns)
        self.assertEqual(self.env[MODEL].search_count([]), 2 * before)

    # === Deletion and merge of what facts hang on === #

    def test_deleting_the_deal_deletes_its_facts(self):
        self.deal.unlink()
        self.assertFalse(self.facts.exists())

    def test_deleting_whom_a_fact_names_keeps_the_name(self):
        for record, link, name in (
            (self.leaver, "user_id", "Leaver"),
            (self.late_team, "team_id", "Late Team"),
            (self.stages[0], "from_stage_id", "Early Stage"),
            (self.stages[1], "to_stage_id", "Late Stage"),
        ):
            with self.subTest(link):
                record.unlink()
                self.assertFalse(self.fact[link])
                self.assertEqual(self.fact[link.replace("_id", "_name")], name)

    def test_deleting_who_added_a_fact_leaves_it(self):
        fact = self.env[MODEL].with_user(self.leaver)._add_facts([self._prepare_values()]).with_user(self.env.user)
        self.assertEqual(fact.create_uid, self.leaver)
        self.leaver.unlink()
        self.assertFalse(fact.create_uid)
        self.assertEqual(fact.user_name, "Leaver")

    def test_merge_of_records_by_sql_repoints(self):
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._update_foreign_keys_generic("crm.lead", self.deal, self.other_deal)
        wizard._update_foreign_keys_generic("crm.stage", self.stages[0], self.stages[1])
        self.env.invalidate_all()
        self.assertEqual(self.facts.lead_id, self.other_deal)
        self.assertEqual(self.facts.from_stage_id, self.stages[1])
        self.assertEqual(self.fact.from_stage_name, "Early Stage", "The name is that of then.")

    def test_merge_of_partners_repoints(self):
        """On a table made for it, as not every model of facts names a partner."""
        partners = self.env["res.partner"].create([{"name": name, "email": "a@b.example"} for name in ("One", "Two")])
        self._execute(
            """
            CREATE TABLE sales_fact_scratch (
                id serial PRIMARY KEY, note varchar, partner_id integer REFERENCES res_partner ON DELETE SET NULL
            );
            INSERT INTO sales_fact_scratch (note, partner_id) VALUES ('kept', %(partner)s)
            """,
            partner=partners[0].id,
        )
        self._guard({"sales_fact_scratch": (["partner_id"], [])})
        self.env["base.partner.merge.automatic.wizard"]._merge(partners.ids, partners[1])
        self._execute("SELECT note, partner_id FROM sales_fact_scratch")
        self.assertEqual(self.env.cr.fetchall(), [("kept", partners[1].id)])
        self._assert_sql_refused("UPDATE sales_fact_scratch SET note = 'other'")
        partners[1].unlink()
        self._execute("SELECT note, partner_id FROM sales_fact_scratch")
        self.assertEqual(self.env.cr.fetchall(), [("kept", None)])

    def test_relations_are_guarded(self):
        """On a table made for it: rows that say what a fact refers to are part of it."""
        tags = self.env["crm.tag"].create([{"name": "Red"}, {"name": "Blue"}])
        self._execute(
            """
            CREATE TABLE sales_fact_scratch_rel (
                move_id integer REFERENCES %(table)s ON DELETE CASCADE,
                tag_id integer REFERENCES crm_tag ON DELETE CASCADE,
                PRIMARY KEY (move_id, tag_id)
            );
            INSERT INTO sales_fact_scratch_rel SELECT %(id)s, unnest(%(tags)s)
            """,
            tags=tags.ids,
        )
        self._guard({"sales_fact_scratch_rel": (["move_id", "tag_id"], [])})
        self._assert_sql_refused("DELETE FROM sales_fact_scratch_rel")
        tags[0].unlink()
        self._execute("SELECT tag_id FROM sales_fact_scratch_rel")
        self.assertEqual(self.env.cr.fetchall(), [(tags[1].id,)])
        self.deal.unlink()
        self._execute("SELECT tag_id FROM sales_fact_scratch_rel")
        self.assertFalse(self.env.cr.fetchall())

    # === Life of the guard === #

    def test_update_of_the_module_keeps_the_guard(self):
        with mute_logger("odoo.registry"):
            self.env.registry.init_models(self.env.cr, [MODEL], {"module": "sales_management"}, install=False)
        self._assert_sql_refused("DELETE FROM %(table)s WHERE id = %(id)s")

    def test_update_of_the_module_fills_new_columns(self):
        self._execute("ALTER TABLE %(table)s DROP COLUMN skipped_count CASCADE")
        field = self.env[MODEL]._fields["skipped_count"]
        with mute_logger("odoo.registry"), patch.object(field, "default", lambda model: 7):
            self.env.registry.init_models(self.env.cr, [MODEL], {"module": "sales_management"}, install=False)
        self.assertEqual(self.fact.skipped_count, 7)
        self._assert_sql_refused("UPDATE %(table)s SET skipped_count = 8")

    def test_guard_follows_the_lists(self):
        with patch.object(self.env.registry[MODEL], "_fact_links", ("lead_id",)):
            self._guard()
            self._assert_sql_refused("UPDATE %(table)s SET team_id = NULL WHERE id = %(id)s")
        self._guard()
        self._execute("UPDATE %(table)s SET team_id = NULL WHERE id = %(id)s")

    def test_guards_are_dropped_with_the_module(self):
        drop_fact_guards(self.env)
        self._execute("SELECT FROM pg_trigger WHERE tgname LIKE %(name)s", name=f"{GUARD}%")
        self.assertFalse(self.env.cr.rowcount)
        self._execute("DELETE FROM %(table)s WHERE id = %(id)s")
        drop_fact_guards(self.env)

    def _guard(self, tables=None):
        """Create the guards anew, on other tables if told so."""
        model = self.env[MODEL]
        tables = tables or model._get_guarded_tables()
        with patch.object(self.env.registry[MODEL], "_get_guarded_tables", lambda _self: tables):
            model._drop_own_guards()
            model._create_own_guards()
