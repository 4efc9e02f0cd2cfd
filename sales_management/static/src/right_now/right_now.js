import {Component, onWillStart, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {deserializeDate, deserializeDateTime, formatDate} from "@web/core/l10n/dates";
import {formatCurrency} from "@web/core/currency";
import {Layout} from "@web/search/layout";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {user} from "@web/core/user";
import {useService} from "@web/core/utils/hooks";

const {DateTime} = luxon;

/** What came in today, and who has not moved: one screen, on a phone. */
export class RightNow extends Component {
    static template = "sales_management.RightNow";
    static components = {Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.display = {controlPanel: {}};
        this.state = useState({data: null});
        onWillStart(() => this.load());
    }

    async load() {
        this.state.data = await this.orm.call("sales.right.now", "get_right_now", [], {context: user.context});
    }

    get day() {
        return formatDate(deserializeDate(this.state.data.date), {format: "cccc, DDD"});
    }

    format(amount) {
        return formatCurrency(amount, this.state.data.currency_id, {humanReadable: Math.abs(amount) >= 1e6});
    }

    getCount(figure) {
        const count = figure.count;
        if (figure.code === "ordered") {
            return count === 1 ? _t("1 order") : _t("%(count)s orders", {count});
        }
        return count === 1 ? _t("1 document") : _t("%(count)s documents", {count});
    }

    getClass(figure) {
        if (!figure.average && !figure.today) {
            return "text-muted";
        }
        return figure.today >= figure.average ? "text-success" : "";
    }

    getLast(person) {
        if (!person.last) {
            return _t("never seen");
        }
        return deserializeDateTime(person.last).toRelative({base: DateTime.now()});
    }

    openFigure(figure) {
        this.action.doAction({
            type: "ir.actions.act_window",
            name: figure.label,
            res_model: "sales.result",
            views: [
                [false, "list"],
                [false, "kanban"],
                [false, "pivot"],
            ],
            mobile_view_mode: "kanban",
            domain: figure.domain,
        });
    }

    openPerson(person) {
        this.action.doAction("crm.crm_lead_action_pipeline", {
            additionalContext: {search_default_assigned_to_me: 0, search_default_user_id: person.id},
        });
    }
}

registry.category("actions").add("sales_management.right_now", RightNow);
