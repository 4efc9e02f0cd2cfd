import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useService} from "@web/core/utils/hooks";

/** What runs with a customer, each figure a way to its list. */
export class CustomerPanel extends Component {
    static template = "sales_management.CustomerPanel";
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get rows() {
        return this.props.record.data[this.props.name] || [];
    }

    async open(code) {
        const {resModel, resId} = this.props.record;
        const action = await this.orm.call(resModel, "action_open_customer_panel", [[resId], code]);
        if (action) {
            await this.action.doAction(action);
        }
    }
}

registry.category("fields").add("sales_customer_panel", {
    component: CustomerPanel,
    displayName: _t("Customer at a Glance"),
    supportedTypes: ["json"],
});
