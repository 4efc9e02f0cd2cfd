"""Facts are append-only, whoever asks and by whichever way; shown on one model of facts, and held for all of them."""

from psycopg2.errors import RestrictViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.sales_management.models.common.sales_fact_mixin import ERASED, GUARD
from odoo.addons.sales_management.tests.common import DealCommon

#: The model of facts that stands for all.
MODEL = "sales.stage.move"
TABLE = MODEL.replace(".", "_")
#: Models whose records people delete, and whose names facts keep.
NAMED_MODELS = ("res.users", "res.partner", "crm.stage", "crm.team")
#: What a caller might hope to open a way with.
HOPEFUL_CONTEXT = {
    "su": True,
    "sudo": True,
    "install_mode": True,
    "import_file": True,
    "module": "sales_management",
    "_force_unlink": True,
    "default_reason": "forged",
}


class FactMixin:
    """A fact of a deal, with a person, a team and stages of its own."""

    @classmethod
    def _create_fact_records(cls):
        cls.leaver = new_test_user(cls.env, "sm_leaver", "sales_team.group_sale_salesman", name="Leaver")
        cls.late_team = cls.env["crm.team"].create({"name": "Late Team"})
        cls.stages = cls.env["crm.stage"].create(
            [{"name": "Early Stage", "sequence": 90}, {"name": "Late Stage", "sequence": 91}]
        )
        cls.deal, cls.other_deal = cls._create_deals(2)
        cls.facts = cls.env[MODEL]._add_facts([cls._prepare_values(), cls._prepare_values(reason="Second")])
        cls.fact = cls.facts[0]

    @classmethod
    def _prepare_values(cls, **values):
        return {
            "lead_id": cls.deal.id,
            "from_stage_id": cls.stages[0].id,
            "to_stage_id": cls.stages[1].id,
            "moved_at": fields.Datetime.now(),
            "user_id": cls.leaver.id,
            "team_id": cls.late_team.id,
            "company_id": cls.env.company.id,
            "direction": "forward",
            "origin": "user",
            "reason": "Mrs Li rang",
            **values,
        }


class FactCommon(FactMixin, DealCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_fact_records()

    def _execute(self, query, *args, **kwargs):
        """Run SQL as somebody with a console would, ``table`` being that of the facts, and forget the cache."""
        self.env.flush_all()
        self.env.cr.execute(SQL(query, *args, **{"table": SQL.identifier(TABLE), "id": self.fact.id, **kwargs}))
        self.env.invalidate_all()

    def _assert_sql_refused(self, query, **kwargs):
        with mute_logger("odoo.sql_db"), self.assertRaises(RestrictViolation) as refusal:
            self._execute(query, **kwargs)
        self.assertEqual(refusal.exception.diag.constraint_name, GUARD)
        self.env.invalidate_all()
        return refusal.exception


@tagged("post_install", "-at_install", "facts")
class TestFactOrm(FactCommon):
    """What the ORM lets pass: reading, and the private ways."""

    def _iter_environments(self):
        for user in (self.salesperson, self.manager, self.env.ref("base.user_admin")):
            yield user.login, self.env[MODEL].with_user(user).env
        yield "superuser", self.env
        yield "sudo", self.env[MODEL].with_user(self.salesperson).sudo().env
        yield "context", self.env(context=HOPEFUL_CONTEXT)

    def test_nobody_creates(self):
        for who, env in self._iter_environments():
            with self.subTest(who), self.assertRaises(AccessError):
                env[MODEL].create([self._prepare_values()])

    def test_nobody_copies(self):
        with self.assertRaises(AccessError):
            self.fact.sudo().copy()

    def test_nobody_writes(self):
        for who, env in self._iter_environments():
            for values in ({"reason": "Other"}, {"lead_id": self.other_deal.id}, {"reason": ERASED}):
                with self.subTest(who, values=values), self.assertRaises(AccessError):
                    self.fact.with_env(env).write(values)
        with self.assertRaises(AccessError):
            self.fact.reason = "Other"

    def test_nobody_deletes(self):
        for who, env in self._iter_environments():
            with self.subTest(who), self.assertRaises(AccessError):
                self.fact.with_env(env).unlink()
        self.assertTrue(self.fact.exists())

    def test_empty_recordsets_pass(self):
        """Core and other modules write and delete what they found, which may be nothing."""
        none = self.env[MODEL]
        self.assertFalse(none.create([]))
        self.assertTrue(none.write({"reason": "Other"}) and none.unlink())

    def test_refusal_says_on_what_and_what_to_do(self):
        with self.assertRaisesRegex(AccessError, rf"(?s){self.fact.id}.*Correct the document"):
            self.fact.unlink()

    def test_refusal_of_the_database_says_the_same(self):
        error = self._assert_sql_refused("DELETE FROM %(table)s WHERE id = %(id)s")
        self.assertIn("Correct the document", self.env[MODEL]._sql_error_to_message(error))

    def test_names_are_kept(self):
        self.assertEqual(self.fact.user_name, "Leaver")
        self.assertEqual(self.fact.team_name, "Late Team")
        self.assertEqual((self.fact.from_stage_name, self.fact.to_stage_name), ("Early Stage", "Late Stage"))

    def test_names_that_are_given_are_kept(self):
        values = self._prepare_values(user_id=False, user_name="Before Odoo", from_stage_id=False)
        fact = self.env[MODEL]._add_facts([values])
        self.assertEqual((fact.user_name, fact.from_stage_name), ("Before Odoo", False))
        self.assertNotIn("from_stage_name", values, "The values belong to the caller.")

    def test_names_cost_no_query(self):
        self.env.invalidate_all()
        with self.assertQueryCount(1):
            self.env[MODEL]._add_facts([self._prepare_values(), self._prepare_values()])

    def test_adding_gives_no_rights(self):
        facts = self.env[MODEL].with_user(self.salesperson)._add_facts([self._prepare_values()])
        self.assertFalse(facts.env.su)
        self.assertEqual(facts.sudo().create_uid, self.salesperson)

    def test_adding_many_costs_no_query_more(self):
        model = self.env[MODEL].with_user(self.salesperson)
        model._add_facts([self._prepare_values()])
        self.env.flush_all()
        with self.assertQueryCount(1):
            model._add_facts([self._prepare_values() for _fact in range(50)])
        self.env.invalidate_all()
        queries = []
        for count in (1, 50):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            model._add_facts([self._prepare_values() for _fact in range(count)])
            queries.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*queries)

    def test_defaults_of_context_and_user_tell_no_facts(self):
        self.env["ir.default"].set(MODEL, "merged_from_number", "D1999-00001", user_id=self.salesperson.id)
        model = self.env[MODEL].with_user(self.salesperson).with_context(default_skipped_count=9)
        fact = model._add_facts([self._prepare_values()]).sudo()
        self.assertFalse(fact.skipped_count or fact.merged_from_number)

    def test_repointing(self):
        self.assertEqual(self.other_deal.stage_move_ids & self.facts, self.env[MODEL])
        self.fact._repoint_facts("lead_id", self.other_deal)
        self.assertEqual(self.fact.lead_id, self.other_deal)
        self.assertIn(self.fact, self.other_deal.stage_move_ids)
        self.assertNotIn(self.fact, self.deal.stage_move_ids)
        self.env.invalidate_all()
        self.assertEqual(self.facts.lead_id, self.deal | self.other_deal)

    def test_repointing_takes_links_alone(self):
        for name in ("reason", "create_uid", "id"):
            with self.subTest(name), self.assertRaises(ValueError):
                self.fact._repoint_facts(name, self.other_deal)

    def test_commands_on_the_deal_are_refused(self):
        for command in (
            Command.create(self._prepare_values()),
            Command.update(self.fact.id, {"reason": "Other"}),
            Command.delete(self.fact.id),
            Command.unlink(self.fact.id),
            Command.clear(),
        ):
            with self.subTest(command), self.assertRaises(AccessError):
                self.deal.write({"stage_move_ids": [command]})


@tagged("post_install", "-at_install", "facts")
class TestFactErasure(FactCommon):
    """A person's data can be erased on request, and a fact says so."""

    def _get_erasures(self):
        return self.env["sales.fact.erasure"].search([("model", "=", MODEL), ("res_id", "in", self.facts.ids)])

    def test_manager_erases_all_texts(self):
        erased = self.fact.with_user(self.manager).action_erase_texts("Mr Wang asked on 3 March")
        self.assertTrue(erased)
        self.env.invalidate_all()
        self.assertEqual((self.fact.reason, self.fact.user_name, self.fact.team_name), (ERASED,) * 3)
        self.assertEqual(self.fact.user_id, self.leaver, "The link is not a text.")
        self.assertEqual(self.facts[1].reason, "Second")
        erasure = self._get_erasures()
        self.assertEqual((erasure.res_id, erasure.user_id), (self.fact.id, self.manager))
        self.assertEqual((erasure.reason, erasure.user_name), ("Mr Wang asked on 3 March", "Manager"))
        self.assertEqual(erasure.company_id, self.env.company)
        self.assertIn("reason", erasure.field_names)

    def test_some_texts(self):
        facts = self.facts.with_user(self.manager)
        facts.action_erase_texts("Asked", ["user_name"])
        self.assertEqual(set(self.facts.mapped("user_name")), {ERASED})
        self.assertEqual(self.facts.mapped("reason"), ["Mrs Li rang", "Second"])
        self.assertEqual(set(self._get_erasures().mapped("field_names")), {"user_name"})
        self.assertEqual(len(self._get_erasures()), 2)

    def test_empty_texts_stay_empty(self):
        fact = self.env[MODEL]._add_facts([self._prepare_values(reason=False, from_stage_id=False)])
        fact._erase_fact_texts("Asked")
        self.env.invalidate_all()
        self.assertFalse(fact.reason or fact.from_stage_name)
        self.assertEqual(fact.to_stage_name, ERASED)

    def test_erasing_twice_is_said_once(self):
        for expected in (True, False):
            self.assertEqual(self.facts.with_user(self.manager).action_erase_texts("Asked"), expected)
        self.assertEqual(len(self._get_erasures()), 2)

    def test_salesperson_and_leader_erase_nothing(self):
        for user in (self.salesperson, self.leader, self.finance):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.fact.with_user(user).action_erase_texts("Asked")
        self.assertFalse(self._get_erasures())

    def test_reason_is_needed(self):
        for reason in ("", "  ", None):
            with self.assertRaisesRegex(UserError, "reason"):
                self.fact.with_user(self.manager).action_erase_texts(reason)

    def test_texts_alone_can_be_erased(self):
        with self.assertRaisesRegex(UserError, "(?s)lead_id, moved_at.*reason, "):
            self.fact.with_user(self.manager).action_erase_texts("Asked", ["moved_at", "reason", "lead_id"])

    def test_text_of_an_erasure_can_be_erased(self):
        erasure = self.fact._erase_fact_texts("Mr Wang of 12 Lake Road asked")
        erasure.with_user(self.manager).action_erase_texts("His address stood there", ["reason"])
        self.assertEqual(erasure.reason, ERASED)

    def test_erasures_are_facts(self):
        erasure = self.fact._erase_fact_texts("Asked")
        with self.assertRaises(AccessError):
            erasure.sudo().unlink()
        self._assert_sql_refused("DELETE FROM sales_fact_erasure")
        self._assert_sql_refused("UPDATE sales_fact_erasure SET field_names = 'reason, user_name, moved_at'")

    def test_guard_lets_the_marker_alone_pass(self):
        self.fact._erase_fact_texts("Asked", ["user_name"])
        self._assert_sql_refused("UPDATE %(table)s SET user_name = 'Somebody' WHERE id = %(id)s")
        self._assert_sql_refused("UPDATE %(table)s SET reason = %(text)s WHERE id = %(id)s", text=ERASED)


@tagged("post_install", "-at_install", "facts", "architecture")
class TestFactModels(FactCommon):
    """What each model of facts keeps to."""

    def _iter_models(self):
        mixin = self.env.registry["sales.fact.mixin"]
        models = [model for model in self.env.registry.values() if issubclass(model, mixin) and not model._abstract]
        self.assertIn(MODEL, [model._name for model in models])
        return [self.env[model._name] for model in models]

    def test_tables_are_guarded(self):
        for model in self._iter_models():
            for table in model._get_guarded_tables():
                self._execute(
                    "SELECT FROM pg_trigger WHERE tgrelid = %(guarded)s::regclass AND tgname LIKE %(name)s",
                    guarded=table,
                    name=f"{GUARD}%",
                )
                self.assertEqual(self.env.cr.rowcount, 2, table)

    def test_nobody_has_the_right_to_change(self):
        for model in self._iter_models():
            rights = self.env["ir.model.access"].search([("model_id.model", "=", model._name)])
            self.assertTrue(rights, model._name)
            for right in rights:
                self.assertTrue(right.group_id, right.name)
                self.assertFalse(right.perm_create or right.perm_write or right.perm_unlink, right.name)

    def test_links_let_core_delete_and_merge(self):
        wizard = self.env["base.partner.merge.automatic.wizard"]
        for model in self._iter_models():
            for link in model._fact_links:
                with self.subTest(model=model._name, link=link):
                    self.assertIn(model._fields[link].ondelete, ("cascade", "set null"))
                    # A merge that such a constraint stops goes on to delete rows, which the guard refuses.
                    self.assertFalse(wizard._has_check_or_unique_constraint(model._table, link))

    def test_names_of_whom_people_delete_are_kept(self):
        for model in self._iter_models():
            for link in model._fact_links:
                if model._fields[link].comodel_name in NAMED_MODELS:
                    self.assertIn(link, model._get_fact_names(), model._name)

    def test_lists_name_stored_fields(self):
        for model in self._iter_models():
            for name in (*model._fact_links, *model._get_erasable_fields()):
                self.assertTrue(model._fields[name].store, f"{model._name}.{name}")

    def test_no_field_has_to_be_rewritten(self):
        problems = [
            f"{model._name}.{field.name}"
            for model in self._iter_models()
            for field in model._fields.values()
            if field.store and (field.compute or field.translate)
        ]
        self.assertFalse(problems)
