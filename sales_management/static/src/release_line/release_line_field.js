import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useService} from "@web/core/utils/hooks";

/** Why a quotation cannot go to its customer, in words, with the one button that helps. */
export class ReleaseLineField extends Component {
    static template = "sales_management.ReleaseLineField";
    static props = {...standardFieldProps};

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
    }

    get line() {
        return this.props.record.data[this.props.name];
    }

    get head() {
        return [this.line.name, ...this.line.words].filter(Boolean).join(" · ");
    }

    get reasons() {
        return _t("Not released: %s", this.line.blocking.join(" "));
    }

    get warnings() {
        return this.line.warnings.join(" ");
    }

    resolve() {
        return this.run("action_resolve_release_blocker");
    }

    chooseDeal() {
        return this.run("action_choose_deal");
    }

    /** What is typed is saved first: what resolves it works on the quotation as it is. */
    async run(method) {
        const {record} = this.props;
        if (!(await record.save())) {
            return;
        }
        const action = await this.orm.call("sale.order", method, [[record.resId]]);
        if (action) {
            await this.action.doAction(action, {onClose: () => record.load()});
        } else {
            await record.load();
        }
    }
}

registry.category("fields").add("sales_release_line", {
    component: ReleaseLineField,
    displayName: _t("Release"),
    supportedTypes: ["json"],
});
