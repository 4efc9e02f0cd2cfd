import {Component, useState} from "@odoo/owl";
import {DocumentInput} from "@sales_management/stage_panel/document_input";
import {Field} from "@web/views/fields/field";
import {Record} from "@web/model/record";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";

const QUOTED = ["approval", "order", "quotation"];

/** A thing that a stage asks of a deal, whether it is there, and how to get it: the same in the panel and the dialog. */
export class StageRow extends Component {
    static template = "sales_management.StageRow";
    static components = {DocumentInput, Field, Record};
    static props = {
        row: Object,
        deal: Object,
        readonly: {type: Boolean, optional: true},
        inDialog: {type: Boolean, optional: true},
        // Whether the lines of a checklist show at once.
        isOpen: {type: Boolean, optional: true},
        // Called before something is changed; answers whether it may be.
        beforeChange: {type: Function, optional: true},
        onChanged: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({isOpen: Boolean(this.props.isOpen), isEditing: false, text: "", isBusy: false});
    }

    get row() {
        return this.props.row;
    }

    get isAsked() {
        return !this.props.readonly && !this.row.is_met;
    }

    get isQuoted() {
        return QUOTED.includes(this.row.code);
    }

    get doneCount() {
        return this.row.items.filter((item) => item.is_done).length;
    }

    get openItems() {
        return this.row.items.filter((item) => !item.is_done);
    }

    get icon() {
        if (this.row.is_met) {
            return "fa-check-circle text-success";
        }
        return this.row.enforcement === "block" ? "fa-circle-o text-danger" : "fa-circle-o text-warning";
    }

    get stateLabel() {
        if (this.row.is_met) {
            return _t("Done");
        }
        return this.row.enforcement === "block" ? _t("Missing, blocks the move") : _t("Missing, only warned of");
    }

    toggle() {
        this.state.isOpen = !this.state.isOpen;
    }

    /** Change something on the server, and show the deals as they are then. */
    async change(callback) {
        if (this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        try {
            if (this.props.beforeChange && !(await this.props.beforeChange())) {
                return;
            }
            if ((await callback()) !== false) {
                this.state.isEditing = false;
                this.state.text = "";
            }
            await this.props.onChanged();
        } finally {
            this.state.isBusy = false;
        }
    }

    onTick(item) {
        return this.change(() => this.tick([item], !item.is_done));
    }

    onTickAll() {
        return this.change(() => this.tick(this.openItems, true));
    }

    /** Lines that nobody ticked off yet are not on the deal before. */
    async tick(items, isDone) {
        const kept = items.filter((item) => item.id).map((item) => item.id);
        if (kept.length) {
            await this.orm.write("sales.deal.checklist", kept, {is_done: isDone});
        }
        const added = items.filter((item) => !item.id);
        if (added.length) {
            const values = {lead_id: this.props.deal.id, requirement_id: this.row.requirement_id, is_done: isDone};
            await this.orm.create(
                "sales.deal.checklist",
                added.map((item) => ({...values, item_id: item.item_id})),
            );
        }
    }

    onLogContact() {
        return this.change(() =>
            this.orm.call("crm.lead", "action_log_contact", [
                [this.props.deal.id],
                this.row.requirement_id,
                this.state.text.trim(),
            ]),
        );
    }

    onSaveField(record) {
        return this.change(() => record.save({reload: false}));
    }

    /** Open something else; what is open is saved before. */
    async open(method) {
        if (this.props.beforeChange && !(await this.props.beforeChange())) {
            return;
        }
        const resId = this.props.deal.id;
        await this.action.doActionButton({
            type: "object",
            name: method,
            resModel: "crm.lead",
            resId,
            resIds: [resId],
            context: {},
            onClose: () => this.props.onChanged(),
        });
    }

    openDeal() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "crm.lead",
            res_id: this.props.deal.id,
            views: [[false, "form"]],
        });
    }

    openAction() {
        return this.action.doAction(this.row.action, {onClose: () => this.props.onChanged()});
    }
}
