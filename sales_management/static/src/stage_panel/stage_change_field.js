import {Component} from "@odoo/owl";
import {StageRow} from "@sales_management/stage_panel/stage_row";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useService} from "@web/core/utils/hooks";

/** In the dialog of a move: what is missing, deal by deal; those that are ready are only counted. */
export class StageChangeField extends Component {
    static template = "sales_management.StageChangeField";
    static components = {StageRow};
    static props = {...standardFieldProps};

    setup() {
        this.action = useService("action");
    }

    get deals() {
        return this.props.record.data[this.props.name] || [];
    }

    get incomplete() {
        return this.deals
            .map((deal) => ({...deal, missing: deal.rows.filter((row) => !row.is_met)}))
            .filter((deal) => deal.missing.length);
    }

    get readyLabel() {
        const ready = this.deals.length - this.incomplete.length;
        if (this.deals.length === 1) {
            return ready ? _t("Everything is there.") : "";
        }
        return ready ? _t("%s deals have everything that is asked.", ready) : "";
    }

    /** The server computes what depends on this count anew; what was typed stays. */
    async refresh() {
        const {record} = this.props;
        await record.update({refresh_count: record.data.refresh_count + 1});
    }

    openDeal(deal) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "crm.lead",
            res_id: deal.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("fields").add("sales_stage_change", {
    component: StageChangeField,
    displayName: _t("What Is Missing"),
    supportedTypes: ["json"],
    fieldDependencies: [{name: "refresh_count", type: "integer"}],
});
