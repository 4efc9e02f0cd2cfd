import {Component, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useService} from "@web/core/utils/hooks";

/** What is known of a company, to choose from before it is taken. */
export class SmartFillDialog extends Component {
    static template = "sales_management.SmartFillDialog";
    static components = {Dialog};
    static props = {close: Function, finds: Array, problems: Array, onTake: Function, onOpen: Function};

    setup() {
        const chosen = Math.max(
            this.props.finds.findIndex((find) => find.values.length),
            0,
        );
        this.state = useState({chosen, left: {}});
    }

    get find() {
        return this.props.finds[this.state.chosen];
    }

    get taken() {
        return (this.find?.values || []).filter((value) => !this.state.left[value.name]);
    }

    toggle(value) {
        this.state.left[value.name] = !this.state.left[value.name];
    }

    async take() {
        await this.props.onTake(this.taken);
        this.props.close();
    }

    open(find) {
        this.props.close();
        this.props.onOpen(find.existing_id);
    }
}

/** Asks what is known of the company on the form, and fills what is empty. */
export class SmartFill extends Component {
    static template = "sales_management.SmartFill";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.state = useState({busy: false});
    }

    get values() {
        const {data, resId} = this.props.record;
        const filled = Object.keys(data).filter((name) => data[name]);
        const text = (name) => data[name] || "";
        return {
            id: resId || 0,
            name: text("name"),
            vat: text("vat"),
            email: text("email"),
            website: text("website"),
            country_id: data.country_id?.id || 0,
            filled,
        };
    }

    async onAsk() {
        this.state.busy = true;
        try {
            // What was typed last is on its way into the record.
            await this.props.record.isDirty();
            const {finds, problems} = await this.orm.call("res.partner", "get_smart_fill", [this.values]);
            if (finds.length) {
                this.dialog.add(SmartFillDialog, {
                    finds,
                    problems,
                    onTake: (values) => this.take(values),
                    onOpen: (resId) => this.open(resId),
                });
            } else {
                const nothing = _t("Nothing more is known of this company. Its name or tax ID is looked for.");
                this.notification.add([nothing, ...problems].join(" "), {
                    type: problems.length ? "warning" : "info",
                });
            }
        } finally {
            this.state.busy = false;
        }
    }

    async take(values) {
        const {record} = this.props;
        const changes = {};
        for (const {name, value} of values) {
            // What was typed while the dialog was open stays.
            if (name in record.activeFields && !record.data[name]) {
                changes[name] = value;
            }
        }
        await record.update(changes);
    }

    open(resId) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "res.partner",
            res_id: resId,
            views: [[false, "form"]],
        });
    }
}

registry.category("view_widgets").add("sales_smart_fill", {
    component: SmartFill,
    fieldDependencies: [
        {name: "name", type: "char"},
        {name: "vat", type: "char"},
        {name: "email", type: "char"},
        {name: "website", type: "char"},
        {name: "country_id", type: "many2one"},
    ],
});
