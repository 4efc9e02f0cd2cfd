from collections import defaultdict

from babel import Locale

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.sales_management.tools.customer_sheet import simplify, simplify_province

#: Lists that get what they lack: a value that nobody has typed yet is no mistake there. With the model of each.
GROWING = {
    "industry": "res.partner.industry",
    "tags": "res.partner.category",
    "source": "utm.source",
    "lost_reason": "crm.lost.reason",
}
#: The other lists, which somebody keeps.
KEPT = {"tier": "sales.customer.tier", "team": "crm.team", "stage": "crm.stage"}


class SalesCustomerImport(models.Model):
    """What the words in cells stand for, in every language that is installed: one pass per list, whatever the rows."""

    _inherit = "sales.customer.import"

    def _get_lists(self, types):
        """
        :param set types: types of the columns that are used
        :return: ids by word, by list
        :rtype: dict[str, dict[str, list]]
        """
        lists = {}
        for name, model in {**GROWING, **KEPT}.items():
            if name in types:
                lists[name] = self._get_words(self.env[model].search(self._get_list_domain(model)))
        if not {"user", "author"}.isdisjoint(types):
            lists["user"] = self._get_user_words()
        if not {"country", "state"}.isdisjoint(types):
            lists["country"] = self._get_country_words()
        if "state" in types:
            lists["state"] = self._get_state_words()
        return lists

    @api.model
    def _get_list_domain(self, model):
        if "company_id" not in self.env[model]._fields:
            return Domain.TRUE
        return Domain("company_id", "in", [False, self.company_id.id])

    @api.model
    def _get_words(self, records, name="name", clean=simplify):
        words = defaultdict(list)
        for code, _label in self.env["res.lang"].get_installed():
            for record in records.with_context(lang=code):
                word = clean(record[name] or "")
                if word and record.id not in words[word]:
                    words[word].append(record.id)
        return words

    def _get_user_words(self):
        # sudo: whose login it is, is told to nobody, but only compared.
        users = self.env["res.users"].sudo().search([("share", "=", False), ("company_ids", "in", self.company_id.ids)])
        words = defaultdict(list)
        # A login or address comes before a name, which somebody else may have as well.
        for names in (("login", "email"), ("name",)):
            known = set(words)
            for user in users:
                for word in {simplify(user[name] or "") for name in names} - known - {""}:
                    words[word].append(user.id)
        return words

    @api.model
    def _get_country_words(self):
        countries = self.env["res.country"].search([("code", "!=", False)])
        words = self._get_words(countries)
        # In both languages, whichever are installed.
        names = [Locale(code).territories for code in ("en", "zh")]
        for country in countries:
            for word in {country.code, *(territories.get(country.code) for territories in names)} - {None, False}:
                if country.id not in words[simplify(word)]:
                    words[simplify(word)].append(country.id)
        words[simplify("USA")] = words[simplify("US")]
        words[simplify("UK")] = words[simplify("GB")]
        return words

    @api.model
    def _get_state_words(self):
        """:return: ids of states by country and word, and by word alone"""
        words = defaultdict(list)
        for state in self.env["res.country.state"].search([("country_id", "!=", False)]):
            for word in {simplify_province(state.name), simplify(state.code)}:
                words[state.country_id.id, word].append(state.id)
            words[simplify_province(state.name)].append(state.id)
        return words
