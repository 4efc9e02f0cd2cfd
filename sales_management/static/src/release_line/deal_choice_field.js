import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** The open deals of a customer, one of them chosen: by their number, stage and amount. */
export class DealChoiceField extends Component {
    static template = "sales_management.DealChoiceField";
    static props = {...standardFieldProps};

    get choices() {
        return this.props.record.data.choices || [];
    }

    get chosenId() {
        return this.props.record.data[this.props.name]?.id;
    }

    choose({id, name}) {
        this.props.record.update({[this.props.name]: {id, display_name: name}});
    }
}

registry.category("fields").add("sales_deal_choice", {
    component: DealChoiceField,
    displayName: _t("Deal"),
    supportedTypes: ["many2one"],
    fieldDependencies: [{name: "choices", type: "json"}],
});
