from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from odoo.addons.sales_management.tools.day import get_day

#: Rows that a section shows; the number of all stands beside its title.
SHOWN = 15
#: Quotations that expire within so many days are shown.
EXPIRY_DAYS = 7


class SalesReview(models.Model):
    """The deals and quotations of a week: what was won, lost and slipped, and what is due."""

    _inherit = "sales.review"

    # === Page === #

    def _get_page_values(self):
        """What the page of a review shows, under the rights of whoever reads it.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "review": self,
            "scope": self._get_scope_text(),
            "figures": self._get_figures(),
            "sections": [section for section in self._get_sections() if section],
        }

    def _get_sections(self):
        """The sections of the page, in their order; none for what is switched off. To override: add yours.

        :return: with title, note, count, total, rows and what is said where there are none
        :rtype: list[dict]
        """
        return [
            self._get_won_section(),
            self._get_lost_section(),
            self._get_slipped_section(),
            self._get_due_section(),
            self._get_quotation_section(),
        ]

    @api.model
    def _prepare_section(self, title, note, count, rows, total="", empty=""):
        more = count - len(rows)
        return {
            "title": title,
            "note": note,
            "count": count,
            "rows": rows,
            "more": self.env._("and %(count)s more", count=more) if more > 0 else "",
            "total": total,
            "empty": empty or self.env._("None."),
        }

    @api.model
    def _prepare_row(self, record, name, texts, amount="", mark="", tone="muted"):
        """A line of a section: on the left a name with its texts below, on the right an amount with its mark below."""
        url = f"/odoo/{record._name}/{record.id}" if record else ""
        text = " · ".join(filter(None, texts))
        return {"url": url, "name": name, "text": text, "amount": amount, "mark": mark, "tone": tone}

    def _prepare_deal_row(self, lead, amount, mark, tone="muted"):
        texts = [*self._get_people(lead), lead.deal_number]
        return self._prepare_row(lead, lead.name, texts, self.company_id.currency_id.format(amount), mark, tone)

    @api.model
    def _get_people(self, record):
        record = record.sudo()  # sudo: whoever may see a deal or quotation may see whose it is
        return [record.partner_id.commercial_partner_id.name, record.user_id.name]

    # === Scope === #

    def _get_scope_text(self):
        # sudo: the page says which teams it is of
        teams = self.env._(", ").join(self.team_ids.sudo().mapped("name"))
        scope = self.env._("Teams: %(teams)s", teams=teams) if teams else self.env._("All teams")
        return self.env._(
            "%(scope)s. It shows what %(reader)s may see. Won, lost and figures are of the week; what is open is as it "
            "is now, %(day)s.",
            scope=scope,
            reader=self.env.user.name,
            day=format_date(self.env, self.company_id._get_sales_today()),
        )


    def _get_team_domain(self):
        return Domain("team_id", "in", self.team_ids.ids) if self.team_ids else Domain.TRUE

    def _get_report_domain(self):
        """Rows of reports, which know the company of each deal."""
        return Domain("company_id", "=", self.company_id.id) & self._get_team_domain()

    def _get_lead_domain(self):
        """Deals of the company: by themselves, else by their team, else by their salesperson, as forecasts have it."""
        company = self.company_id
        no_team = Domain("team_id", "=", False) | Domain("team_id", "any!", [("company_id", "=", False)])
        of_company = Domain("company_id", "=", company.id) | Domain("company_id", "=", False) & (
            Domain("team_id", "any!", [("company_id", "=", company.id)])
            | no_team & Domain("user_id", "any!", [("company_id", "=", company.id)])
        )
        return Domain("type", "=", "opportunity") & of_company & self._get_team_domain()

    def _get_closed_domain(self, status):
        zone = self.company_id._get_sales_zone()
        return (
            self._get_lead_domain()
            & Domain("won_status", "=", status)
            & Domain("date_closed", ">=", get_day(self.date_from, zone).start)
            & Domain("date_closed", "<", get_day(self.date_to, zone).end)
        )

    # === Words === #

    def _say_amount(self, amount, label):
        """An amount of the company, with whether tax is in it."""
        amount = self.company_id.currency_id.format(amount)
        return self.env._("%(amount)s %(tax)s", amount=amount, tax=label)

    def _say_untaxed(self, amount):
        return self._say_amount(amount, self.env._("excl. tax"))

    @api.model
    def _say_late(self, days):
        if days < 1:
            return self.env._("late since today")
        return self.env._("%(count)s d late", count=days)

    # === Closed === #

    def _get_won_section(self):
        return self._get_closed_section("won", self.env._("Won"), self.env._("Deals that were won in the week."))

    def _get_lost_section(self):
        section = self._get_closed_section(
            "lost", self.env._("Lost"), self.env._("Deals that were lost in the week, with their reasons.")
        )
        leads = self.env["crm.lead"].with_context(active_test=False)
        reasons = leads._read_group(
            self._get_closed_domain("lost"), ["lost_reason_id"], ["__count"], order="__count DESC, lost_reason_id"
        )
        if reasons:
            section["note"] = " · ".join(
                self.env._("%(reason)s: %(count)s", reason=reason.name or self.env._("No reason"), count=count)
                for reason, count in reasons
            )
        return section

    def _get_closed_section(self, status, title, note):
        leads = self.env["crm.lead"].with_context(active_test=False)
        domain = self._get_closed_domain(status)
        [(count, total)] = leads._read_group(domain, [], ["__count", "expected_revenue:sum"])
        names = ["name", "deal_number", "partner_id", "user_id", "expected_revenue", "lost_reason_id"]
        found = leads.search_fetch(domain, names, limit=SHOWN, order="expected_revenue DESC, id") if count else leads
        rows = [
            self._prepare_deal_row(
                lead,
                lead.expected_revenue,
                lead.lost_reason_id.name or "",
            )
            for lead in found
        ]
        return self._prepare_section(title, note, count, rows, self._say_untaxed(total or 0) if count else "")

    # === Slipped === #

    def _get_slipped_section(self):
        """Deals that were expected in an earlier month at the beginning of the week than at its end."""
        if not self.company_id.sudo().sales_target_enabled:  # sudo: what a company uses is no secret.
            return None
        title = self.env._("Slipped")
        note = self.env._("Open deals that are expected in a later month than at the beginning of the week.")
        first, following = self._get_snapshot_dates()
        if not first:
            empty = self.env._("No forecast was taken in this week, so that nothing can be compared.")
            return self._prepare_section(title, note, 0, [], empty=empty)
        slipped = self.env.execute_query(self._select_slipped(first, following))
        shown = slipped[:SHOWN]
        leads = self.env["crm.lead"].browse([lead_id for lead_id, *_rest in shown])
        leads.fetch(["name", "deal_number", "partner_id", "user_id"])
        rows = [
            self._prepare_deal_row(
                lead,
                amount,
                f"{format_date(self.env, before)} → {format_date(self.env, after) or self.env._('no date')}",
            )
            for lead, (_id, before, after, amount) in zip(leads, shown, strict=True)
        ]
        total = self._say_untaxed(sum(amount for *_rest, amount in slipped)) if slipped else ""
        return self._prepare_section(title, note, len(slipped), rows, total)

    def _get_snapshot_dates(self):
        """:return: days of the first forecast of the week, and of the first one after it"""
        # sudo: on which days forecasts were taken is no secret
        snapshots = self.env["sales.forecast.snapshot"].sudo()
        company = Domain("company_id", "=", self.company_id.id)
        week = Domain("date", ">=", self.date_from) & Domain("date", "<=", self.date_to)
        [(first,)] = snapshots._read_group(company & week, [], ["date:min"])
        [(following,)] = snapshots._read_group(company & Domain("date", ">", self.date_to), [], ["date:min"])
        return first, following

    def _select_slipped(self, first, following):
        """Deal, days on which it was and is expected, and what it is to bring: of what the reader may see."""
        snapshots, report = self.env["sales.forecast.snapshot"], self.env["sales.forecast.report"]
        company = Domain("company_id", "=", self.company_id.id)
        old = snapshots._search(company & Domain("date", "=", first) & Domain("lead_id", "!=", False))
        if following:
            domain = self._get_report_domain() & Domain("date", "=", following) & Domain("lead_id", "!=", False)
            new = self._select_columns(snapshots, snapshots._search(domain), "date_closing", "amount")
        else:
            query = report._search(self._get_report_domain() & Domain("category", "!=", "closed"))
            new = self._select_columns(report, query, "date", "expected_revenue")
        leads = self.env["crm.lead"]._search(Domain("active", "in", (True, False)))
        month_of, start = self.env["sales.forecast.change"]._select_month, SQL("%s", self.company_id.sales_month_start)
        return SQL(
            """
            SELECT new.lead_id, old.day, new.day, new.amount
              FROM (%(old)s) old
              JOIN (%(new)s) new ON new.lead_id = old.lead_id
             WHERE COALESCE(%(new_month)s, 'infinity') > COALESCE(%(old_month)s, 'infinity')
               AND new.lead_id IN (%(leads)s)
          ORDER BY new.amount DESC, new.lead_id
            """,
            old=self._select_columns(snapshots, old, "date_closing", "amount"),
            new=new,
            new_month=month_of(SQL("new.day"), start),
            old_month=month_of(SQL("old.day"), start),
            leads=leads.subselect(),
        )

    @api.model
    def _select_columns(self, model, query, day, amount):
        lead, day, amount = (model._field_to_sql(model._table, name, query) for name in ("lead_id", day, amount))
        return query.select(SQL("%s AS lead_id", lead), SQL("%s AS day", day), SQL("%s AS amount", amount))

    # === Due === #

    def _get_due_section(self):
        """Deals that were to be closed by now, and are open."""
        leads = self.env["crm.lead"]
        today = self.company_id._get_sales_today()
        domain = self._get_lead_domain() & Domain("won_status", "=", "pending") & Domain("date_deadline", "<", today)
        [(count, total)] = leads._read_group(domain, [], ["__count", "expected_revenue:sum"])
        names = ["name", "deal_number", "partner_id", "user_id", "expected_revenue", "date_deadline"]
        found = leads.search_fetch(domain, names, limit=SHOWN, order="expected_revenue DESC, id") if count else leads
        rows = [
            self._prepare_deal_row(
                lead,
                lead.expected_revenue,
                self._say_late((today - lead.date_deadline).days),
                "danger",
            )
            for lead in found
        ]
        return self._prepare_section(
            self.env._("Expected Before Today, Still Open"),
            self.env._("Open deals whose expected closing is over. Close them, or say when they will be."),
            count,
            rows,
            self._say_untaxed(total or 0) if count else "",
        )

    # === Quotations === #

    def _get_quotation_section(self):
        orders = self.env["sale.order"]
        today = self.company_id._get_sales_today()
        domain = self._get_quotation_domain(today)
        name = "amount_total" if self.company_id.sales_amount_tax == "included" else "amount_untaxed"
        query = orders._search(domain)
        amount = SQL(
            "%s / COALESCE(NULLIF(%s, 0), 1)::numeric",
            orders._field_to_sql(orders._table, name, query),
            orders._field_to_sql(orders._table, "currency_rate", query),
        )
        [(count, total)] = self.env.execute_query(query.select(SQL("count(*)"), SQL("sum(%s)", amount)))
        names = ["name", "partner_id", "user_id", name, "currency_rate", "validity_date"]
        found = orders.search_fetch(domain, names, limit=SHOWN, order="validity_date, id") if count else orders
        rows = [
            self._prepare_row(
                order,
                order.name,
                self._get_people(order),
                self.company_id.currency_id.format(order[name] / (order.currency_rate or 1)),
                self._say_expiry(order.validity_date, today),
                "danger" if order.validity_date < today else "muted",
            )
            for order in found
        ]
        label = self.company_id._get_amount_tax_label()
        return self._prepare_section(
            self.env._("Quotations That Expire"),
            self.env._(
                "Open quotations that expired since the week began, or will within %(count)s days.", count=EXPIRY_DAYS
            ),
            count,
            rows,
            self._say_amount(float(total or 0), label) if count else "",
        )

    def _get_quotation_domain(self, today):
        return (
            self._get_report_domain()
            & Domain("state", "in", ("draft", "sent"))
            & Domain("is_current_revision", "=", True)
            & Domain("validity_date", ">=", min(self.date_from, today))
            & Domain("validity_date", "<=", today + timedelta(days=EXPIRY_DAYS))
        )

    def _say_expiry(self, day, today):
        text = format_date(self.env, day)
        return self.env._("expired %(day)s", day=text) if day < today else self.env._("until %(day)s", day=text)
