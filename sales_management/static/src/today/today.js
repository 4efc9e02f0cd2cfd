import {Component, onWillStart, useState} from "@odoo/owl";
import {CallDialog} from "@sales_management/today/call_dialog";
import {Layout} from "@web/search/layout";
import {ReportDialog} from "@sales_management/today/report_dialog";
import {TodayRow} from "@sales_management/today/today_row";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";

/** What a salesperson has to do today; each row is finished where it stands. */
export class Today extends Component {
    static template = "sales_management.Today";
    static components = {Layout, TodayRow};
    static props = {...standardActionServiceProps};
    static path = "today";

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.store = useService("mail.store");
        this.state = useState({day: null, showAll: this.props.state?.showAll || false, busy: false});
        this.display = {controlPanel: {}};
        useSetupAction({getLocalState: () => ({showAll: this.state.showAll})});
        this.env.config.setDisplayName(_t("Today"));
        onWillStart(() => this.load());
    }

    get day() {
        return this.state.day;
    }

    get headlines() {
        return this.day.sections.map(({code, headline, tone}) => ({code, headline, tone}));
    }

    scrollTo(code) {
        document.getElementById(`today_${code}`).scrollIntoView({behavior: "smooth"});
    }

    async load() {
        this.state.day = await this.orm.silent.call("sales.today", "get_today", [], {show_all: this.state.showAll});
    }

    async onShowAll() {
        this.state.showAll = true;
        await this.load();
    }

    /** A second tap while the first is on its way would do the thing twice. */
    async perform(row, action) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            await this[`perform_${action.type}`](row, action);
        } finally {
            this.state.busy = false;
        }
    }

    async perform_method(row, {model, method, ids, arguments: values}) {
        const result = await this.orm.call(model, method, [ids], values);
        if (result && result.type) {
            this.action.doAction(result, {onClose: () => this.load()});
        } else {
            await this.load();
        }
    }

    async perform_plan(row, {model, id}) {
        // Not awaited: the buttons serve again when the dialog was closed by other means.
        this.store.scheduleActivity(model, [id]).then(() => this.load());
    }

    async perform_call(row) {
        this.dialog.add(CallDialog, {deal: row.deal, onLogged: () => this.load()});
    }

    /** A row without a form of its own, such as a to-do, opens its deal. */
    open(row) {
        const own = row.model === "sale.order" || !row.deal;
        this.openRecord(own ? row.model : "crm.lead", own ? row.id : row.deal.id);
    }

    openRecord(model, id) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
            target: "current",
        });
    }

    openDeals(action) {
        this.action.doAction(action);
    }

    openPipeline() {
        this.action.doAction("crm.crm_lead_action_pipeline");
    }

    openReport() {
        this.dialog.add(ReportDialog, {});
    }
}

registry.category("actions").add("sales_management.today", Today);
