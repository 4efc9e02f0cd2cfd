import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {describeDue} from "@sales_management/stage_panel/due";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const {DateTime} = luxon;

/**
 * One line on the card of a deal: class, number, what is missing, what is due, and how long it is in its stage; where the
 * process is off, the number alone.
 */
export class StageLineField extends Component {
    static template = "sales_management.StageLineField";
    static props = {...standardFieldProps};

    get data() {
        return this.props.record.data;
    }

    get line() {
        return this.data[this.props.name];
    }

    get missing() {
        return this.line?.missing ? _t("%s missing", this.line.missing) : "";
    }

    get due() {
        return this.line?.due ? describeDue(this.line.due) : false;
    }

    get days() {
        const entered = this.data.date_last_stage_update || this.data.create_date;
        return entered ? _t("%s d", Math.max(0, Math.floor(DateTime.now().diff(entered, "days").days))) : "";
    }
}

registry.category("fields").add("sales_stage_line", {
    component: StageLineField,
    displayName: _t("Stage Line"),
    supportedTypes: ["json"],
    fieldDependencies: [
        {name: "date_last_stage_update", type: "datetime"},
        {name: "deal_number", type: "char"},
    ],
});
