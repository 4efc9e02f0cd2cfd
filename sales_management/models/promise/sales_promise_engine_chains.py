import math
from datetime import date
from typing import NamedTuple

import pytz

from odoo import api, fields, models
from odoo.tools import ormcache

from odoo.addons.sales_management.tools.delivery_chain import DeliveryChain
from odoo.addons.sales_management.tools.working_time import NoWorkingTime


class ChainTerms(NamedTuple):
    """What the settings say of the way out of a warehouse."""

    company: int
    working_time: object
    zone: str
    cutoff: object
    steps: float
    pulled: float
    safety: float


class SalesPromiseEngine(models.AbstractModel):
    """Calendars: when a warehouse works, and how days of vendors and productions are counted."""

    _inherit = "sales.promise.engine"

    @api.model
    def _get_chains(self, warehouse_ids):
        """The way from the shelf to the customer, by warehouse: a :class:`~.tools.delivery_chain.DeliveryChain` with

        * ``today``: ordinal of the first day on which goods can still be taken, the cut-off hour considered
        * ``now_day``: ordinal of the day that it is
        * ``get_day(moment)``: ordinal of a moment, naive in UTC, in the zone of the warehouse
        * ``to_customer(day, transit)``: moment, naive in UTC, at which goods taken on a day are with the customer
        * ``to_shelf(moment, transit)``: ordinal of the last day on which goods are taken to be there by a moment
        * ``to_ship(moment, transit)``: moment, naive in UTC, at which the delivery order leaves to be there by a moment

        :rtype: dict[int, DeliveryChain]
        """
        now, chains = fields.Datetime.now(), {}
        for warehouse_id in warehouse_ids:
            terms = self.sudo()._get_chain_terms(warehouse_id)  # sudo: settings are the same for everybody
            chains[warehouse_id] = DeliveryChain(
                terms.working_time,
                now,
                zone=pytz.timezone(terms.zone),
                cutoff=terms.cutoff,
                steps=terms.steps,
                pulled=terms.pulled,
                safety=terms.safety,
            )
        return chains

    @api.model
    @ormcache("warehouse_id")
    def _get_chain_terms(self, warehouse_id):
        warehouse = self.env["stock.warehouse"].browse(warehouse_id)
        company = warehouse.company_id
        calendar = warehouse.promise_calendar_id or company.resource_calendar_id
        rules = warehouse.delivery_route_id.rule_ids
        return ChainTerms(
            company.id,
            self._get_working_time(calendar.id, company.id),
            self._get_warehouse_zone(warehouse),
            warehouse.promise_cutoff or None,
            sum(rules.mapped("delay")),
            self._get_pulled_days(rules),
            company.security_lead,
        )

    @api.model
    def _get_pulled_days(self, rules):
        """Days that Odoo subtracts by itself from the date of a delivery, until its goods are on the shelf."""
        return sum(rule.delay for rule in rules if rule.action in ("pull", "pull_push"))

    @api.model
    @ormcache("calendar_id", "company_id")
    def _get_working_time(self, calendar_id, company_id):
        """Kept until a calendar changes: it is read for every promise."""
        calendar = self.env["resource.calendar"].browse(calendar_id or ())
        company = self.env["res.company"].browse(company_id)
        return calendar._get_working_time(company)

    @api.model
    def _get_warehouse_zone(self, warehouse):
        """Name of the time zone whose days the warehouse counts.

        That of its calendar, else of its address, of its company's address, of its company's calendar.
        """
        company = warehouse.company_id
        names = (
            warehouse.promise_calendar_id.tz,
            warehouse.partner_id.tz,
            company.partner_id.tz,
            company.resource_calendar_id.tz,
        )
        return next((name for name in names if name in pytz.all_timezones_set), "UTC")

    # === Lead times === #

    @api.model
    def _add_lead_days(self, company, day, days, pace):
        """Ordinal of the day that lies so many days after another, working days where the company says so."""
        days = math.ceil(days)
        if days > 0 and pace and company[pace] == "working":
            working_time = self._get_working_time(company.resource_calendar_id.id, company.id)
            try:
                return working_time.add_days(date.fromordinal(day), days).toordinal()
            except (NoWorkingTime, OverflowError):
                return day + days
        return day + days
