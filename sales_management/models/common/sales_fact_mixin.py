from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, Query

#: What stands in place of a text that was erased on request; bars, because facts are read in every language.
ERASED = "███"
#: Separates names of columns for the guard, which splits them again.
SEPARATOR = ", "
#: Name of the trigger function, of its triggers, and of the constraint that its refusal names.
GUARD = "sales_fact_guard"

#: Arguments of the trigger: model, link columns, text columns, marker, then per link with a name: link, column of the
#: name, query of the name. Names are filled here, since to read them first would cost a query a link. A foreign key's
#: action is an UPDATE or DELETE that a trigger of the other table issues, hence one level deeper. An erasure passes
#: only when its own fact is there.
GUARD_FUNCTION = SQL(
    """
    CREATE OR REPLACE FUNCTION sales_fact_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$
    DECLARE
        before jsonb;
        after jsonb;
        changed text[];
        found text;
    BEGIN
        IF TG_OP = 'INSERT' THEN
            after := to_jsonb(NEW);
            FOR position IN 4 .. TG_NARGS - 1 BY 3 LOOP
                IF after ->> TG_ARGV[position] IS NOT NULL AND after ->> TG_ARGV[position + 1] IS NULL THEN
                    EXECUTE TG_ARGV[position + 2] INTO found USING (after ->> TG_ARGV[position])::integer;
                    after := after || jsonb_build_object(TG_ARGV[position + 1], found);
                END IF;
            END LOOP;
            RETURN jsonb_populate_record(NEW, after);
        END IF;
        IF TG_OP = 'DELETE' AND pg_trigger_depth() > 1 THEN
            RETURN OLD;
        END IF;
        IF TG_OP = 'UPDATE' THEN
            IF pg_trigger_depth() > 1 THEN
                RETURN NEW;
            END IF;
            before := to_jsonb(OLD);
            after := to_jsonb(NEW);
            SELECT coalesce(array_agg(key), '{}') INTO changed
              FROM jsonb_object_keys(after) AS key
             WHERE after -> key <> before -> key AND key <> ALL (string_to_array(TG_ARGV[1], ', '));
            IF changed = '{}' THEN
                RETURN NEW;
            END IF;
            IF changed <@ string_to_array(TG_ARGV[2], ', ')
                AND NOT EXISTS (SELECT FROM unnest(changed) AS key WHERE after ->> key IS DISTINCT FROM TG_ARGV[3])
                AND EXISTS (
                    SELECT FROM sales_fact_erasure
                     WHERE model = TG_ARGV[0]
                       AND res_id = (before ->> 'id')::integer
                       AND string_to_array(field_names, ', ') @> changed
                )
            THEN
                RETURN NEW;
            END IF;
        END IF;
        RAISE EXCEPTION USING
            ERRCODE = 'restrict_violation',
            TABLE = TG_TABLE_NAME,
            CONSTRAINT = 'sales_fact_guard',
            MESSAGE = TG_OP || ' on ' || TG_TABLE_NAME || ' refused: it holds facts, which are append-only',
            DETAIL = coalesce('id: ' || (to_jsonb(OLD) ->> 'id'), ''),
            HINT = 'Links alone may be re-pointed, and texts be erased by action_erase_texts().';
    END
    $guard$
    """
)


def drop_fact_guards(env):
    """Drop the trigger function, and with it the triggers of every table of facts."""
    env.cr.execute(SQL("DROP FUNCTION IF EXISTS %s() CASCADE", SQL.identifier(GUARD)))


class SalesFactMixin(models.AbstractModel):
    """Facts: rows that are added and never changed or deleted, neither through the ORM nor by SQL.

    A model of facts gives nobody more than read access. Private code that checked what makes the fact true adds it with
    :meth:`_add_facts`; the ways past the refusals below are such private methods, which no RPC reaches, and neither a
    context key nor ``sudo()`` opens another. It holds no stored computed field, for that would have to be rewritten.
    """

    _name = "sales.fact.mixin"
    _inherit = ["sales.own.default.mixin"]
    _description = "Sales Fact Mixin"

    #: Many2one fields that say whom a fact hangs on: they may be re-pointed by a merge, and foreign keys null them.
    #: Beside each that names a person, stage or team stands a Char called as it is, with ``_name`` instead of ``_id``.
    _fact_links = ()
    #: Text fields that may hold a person's data besides these names, and can be erased on request.
    _fact_texts = ()

    # === ORM === #

    def _auto_init(self):
        if self._abstract:
            return super()._auto_init()
        # The ORM fills a new column by an UPDATE, so the guard steps aside until the columns are there.
        self._drop_own_guards()
        result = super()._auto_init()
        self._create_own_guards()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        if vals_list:
            self._refuse_fact_change()
        return super().create(vals_list)

    def write(self, vals):
        if self:
            self._refuse_fact_change()
        return super().write(vals)

    def unlink(self):
        if self:
            self._refuse_fact_change()
        return super().unlink()

    @api.model
    def _sql_error_to_message(self, exc):
        if exc.diag.constraint_name == GUARD:
            return self._get_fact_refusal()
        return super()._sql_error_to_message(exc)

    # === Actions === #

    def action_erase_texts(self, reason, field_names=None):
        """Erase a person's data from these facts on request; a fact of its own says that it was done.

        :param str reason: who asked for it and why; kept
        :param list[str] | None field_names: texts to erase, none for all
        :return: whether there was anything to erase
        :rtype: bool
        """
        self.check_access("read")
        self._check_erasure_right()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Give the reason for erasing: it stays when the texts are gone."))
        return bool(self._erase_fact_texts(reason, field_names))

    # === Hooks === #

    @api.model
    def _prepare_fact_values(self, vals_list):
        """Complete the values of facts about to be added.

        To override: return a new list, for the values belong to the caller. Names of links are filled by the database.

        :param list[dict] vals_list: values, with ids for links
        :rtype: list[dict]
        """
        return vals_list

    def _check_erasure_right(self):
        """Refuse who may not erase texts of these facts.

        :raise AccessError: unless a sales manager asks
        """
        if not self.env.su and not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(self.env._("Only a sales manager may erase texts. Ask one of them to do it."))

    # === The private ways === #

    @api.model
    def _add_facts(self, vals_list):
        """Add facts. The caller has checked what makes them true, and nobody else can call this.

        Extensions of :meth:`create` in models of facts are not passed; extend :meth:`_prepare_fact_values` instead.

        :param list[dict] vals_list: values, with ids for links
        :return: the facts, with the caller's rights
        """
        # sudo: no one has the right to create facts, as said above.
        # pylint: disable-next=super-method-mismatch  # past the refusal of this class, which is what the method is for
        facts = super(SalesFactMixin, self.sudo()).create(self._prepare_fact_values(vals_list))
        # The database has filled them.
        facts.invalidate_recordset(self._get_fact_names().values(), flush=False)
        return facts.with_env(self.env)

    def _repoint_facts(self, link, target):
        """Let these facts hang on another record, into which the one they hung on was merged. Names stay as they were.

        :param str link: one of ``_fact_links``
        :param BaseModel target: the record, or none
        """
        if link not in self._fact_links:
            raise ValueError(f"{self._name}.{link} is no link of a fact")
        if not self:
            return
        field = self._fields[link]
        self.modified([link], before=True)
        self._update_fact_columns(SQL("%s = %s", SQL.identifier(link), target.id or None))
        self.invalidate_recordset([link])
        for inverse in self.pool.field_inverses[field]:
            self.env[inverse.model_name].invalidate_model([inverse.name], flush=False)
        self.modified([link])

    def _erase_fact_texts(self, reason, field_names=None):
        """Set texts to the marker, and add a fact for each record whose texts were erased. The guard demands it.

        :param str reason: as for :meth:`action_erase_texts`
        :param Iterable[str] | None field_names: texts to erase, none for all
        :return: the facts that say so
        :rtype: sales.fact.erasure
        """
        field_names = self._check_erasable(field_names)
        texts = {}
        for fact in self.sudo():  # sudo: callers checked the right to erase, which is more than that to read
            if found := [name for name in field_names if fact[name] and fact[name] != ERASED]:
                texts[fact] = found
        erasures = self.env["sales.fact.erasure"]._add_facts(
            [fact._prepare_erasure_values(names, reason) for fact, names in texts.items()]
        )
        if texts:
            columns = [{"column": SQL.identifier(name), "marker": ERASED} for name in field_names]
            facts = self.browse(fact.id for fact in texts)
            facts._update_fact_columns(
                SQL(", ").join(
                    SQL("%(column)s = CASE WHEN %(column)s <> '' THEN %(marker)s ELSE %(column)s END", **names)
                    for names in columns
                )
            )
            facts.invalidate_recordset(field_names)
            facts.modified(field_names)
        return erasures

    def _prepare_erasure_values(self, field_names, reason):
        self.ensure_one()
        return {
            "model": self._name,
            "res_id": self.id,
            "field_names": SEPARATOR.join(field_names),
            "company_id": self.company_id.id if "company_id" in self._fields else False,
            "user_id": self.env.uid,
            "reason": reason,
        }

    def _update_fact_columns(self, assignments):
        self.env.cr.execute(
            SQL("UPDATE %s SET %s WHERE id = ANY(%s)", SQL.identifier(self._table), assignments, list(self.ids))
        )

    # === Guards === #

    @api.model
    def _drop_own_guards(self):
        for table in self._get_guarded_tables():
            for suffix in ("", "_truncate"):
                self.env.cr.execute(
                    SQL("DROP TRIGGER IF EXISTS %s ON %s", SQL.identifier(GUARD + suffix), SQL.identifier(table))
                )

    @api.model
    def _create_own_guards(self):
        self.env.cr.execute(GUARD_FUNCTION)
        for table, (links, texts) in self._get_guarded_tables().items():
            names = {
                "guard": SQL.identifier(GUARD),
                "table": SQL.identifier(table),
                "truncate": SQL.identifier(f"{GUARD}_truncate"),
            }
            self.env.cr.execute(
                SQL(
                    """
                    CREATE TRIGGER %(guard)s BEFORE INSERT OR UPDATE OR DELETE ON %(table)s FOR EACH ROW
                        EXECUTE FUNCTION %(guard)s(%(model)s, %(links)s, %(texts)s, %(marker)s%(names)s);
                    CREATE TRIGGER %(truncate)s BEFORE TRUNCATE ON %(table)s FOR EACH STATEMENT
                        EXECUTE FUNCTION %(guard)s()
                    """,
                    **names,
                    model=self._name,
                    links=SEPARATOR.join(links),
                    texts=SEPARATOR.join(texts),
                    marker=ERASED,
                    names=self._get_name_arguments() if table == self._table else SQL(),
                )
            )

    @api.model
    def _get_name_arguments(self):
        """:return: the trigger's arguments that say how to find the name of each link, in the language of the source"""
        arguments = SQL()
        for link, name in self._get_fact_names().items():
            comodel = self.env(context={})[self._fields[link].comodel_name]
            query = Query(self.env, comodel._table)
            expression = comodel._field_to_sql(comodel._table, comodel._rec_name, query)
            query.add_where(SQL("%s = $1", SQL.identifier(comodel._table, "id")))
            statement = query.select(SQL("(%s)::text", expression))
            text = self.env.cr.mogrify(statement.code, statement.params).decode()
            arguments = SQL("%s, %s, %s, %s", arguments, link, name, text)
        return arguments

    @api.model
    def _get_guarded_tables(self):
        """The table of these facts, and those of its relations, which are part of them.

        :return: link columns and text columns per table
        :rtype: dict[str, tuple[list[str], list[str]]]
        """
        guarded = {self._table: ([*self._fact_links, "create_uid", "write_uid"], self._get_erasable_fields())}
        for field in self._fields.values():
            if field.type == "many2many" and field.store:
                guarded[field.relation] = ([field.column1, field.column2], [])
        return guarded

    # === Tools === #

    @api.model
    def _get_fact_names(self):
        """:return: per link the field beside it that keeps the name"""
        names = {link: f"{link.removesuffix('_id')}_name" for link in self._fact_links}
        return {link: name for link, name in names.items() if name in self._fields}

    @api.model
    def _get_erasable_fields(self):
        return [*self._fact_texts, *self._get_fact_names().values()]

    @api.model
    def _check_erasable(self, field_names):
        erasable = self._get_erasable_fields()
        others = set(field_names or ()).difference(erasable)
        if others:
            raise UserError(
                self.env._(
                    "%(fields)s (%(model)s) cannot be erased. These can: %(erasable)s.",
                    fields=", ".join(sorted(others)),
                    model=self._get_fact_description(),
                    erasable=", ".join(erasable),
                )
            )
        return [name for name in erasable if name in field_names] if field_names else erasable

    def _refuse_fact_change(self):
        raise AccessError(self._get_fact_refusal())

    def _get_fact_refusal(self):
        return self.env._(
            "%(facts)s records what happened, so nobody adds, changes or deletes it by hand. Correct the document that "
            "it belongs to instead: the correction is recorded as well.",
            facts=" ".join([self._get_fact_description(), *map(str, self.ids[:10])]),
        )

    @api.model
    def _get_fact_description(self):
        # sudo: the name of a model is shown to everybody who may be refused.
        return self.env["ir.model"].sudo()._get(self._name).name
