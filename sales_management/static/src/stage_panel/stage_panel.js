import {Component, markup, onWillUnmount, useState} from "@odoo/owl";
import {useBus, useService} from "@web/core/utils/hooks";
import {CopyButton} from "@web/core/copy_button/copy_button";
import {DEAL_REFUSED} from "@sales_management/stage_panel/blocked_dialog";
import {StageRow} from "@sales_management/stage_panel/stage_row";
import {_t} from "@web/core/l10n/translation";
import {checkRainbowmanMessage} from "@crm/views/check_rainbowman_message";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {describeDue} from "@sales_management/stage_panel/due";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** What core changes on the form together with the stage. */
const FOLLOWS_STAGE = ["stage_id", "probability", "automated_probability", "is_automated_probability"];

/** Above the pages of a deal: where it stands, what its stage asks, who owes the next step, and the way on. */
export class StagePanel extends Component {
    static template = "sales_management.StagePanel";
    static components = {CopyButton, StageRow};
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.effect = useService("effect");
        this.state = useState({showsGuidance: false, showsDone: false, isMoving: false});
        useBus(this.env.bus, DEAL_REFUSED, () => this.showRealStage());
        // Once its ten minutes are over, a move is not taken back any more.
        const timer = setInterval(() => this.render(), 30000);
        onWillUnmount(() => clearInterval(timer));
    }

    get record() {
        return this.props.record;
    }

    get deal() {
        return this.record.data[this.props.name];
    }

    get isReadonly() {
        return !this.record.isInEdition || !this.deal.is_movable;
    }

    get missing() {
        return this.deal.rows.filter((row) => !row.is_met);
    }

    get guidance() {
        return markup(this.deal.guidance);
    }

    get owed() {
        return this.deal.owed.map((owed) => {
            if (owed.due) {
                return {...owed, ...describeDue(owed.due)};
            }
            return {...owed, when: owed.date ? formatDate(deserializeDate(owed.date)) : "", words: ""};
        });
    }

    get doneLabel() {
        const count = this.deal.rows.length;
        return _t("%(done)s of %(count)s done", {done: count, count});
    }

    get daysLabel() {
        return this.deal.days ? _t("%s d in stage", this.deal.days) : _t("in stage since today");
    }

    /** What is typed elsewhere in the form is kept before something changes on the server. */
    async save() {
        return !(await this.record.isDirty()) || this.record.save();
    }

    async reload() {
        await this.record.load();
    }

    /** A refused stage is not left in the form: saving it again would be refused again. */
    async showRealStage() {
        const current = this.deal && this.deal.stage;
        if (!current || !this.record.data.stage_id || this.record.data.stage_id.id === current.id) {
            return;
        }
        const changes = await this.record.getChanges();
        if (Object.keys(changes).every((name) => FOLLOWS_STAGE.includes(name))) {
            await this.record.discard();
        } else {
            const stage = {id: current.id, display_name: current.name};
            await this.record.update({stage_id: stage, probability: this.deal.probability});
        }
    }

    async onMove() {
        if (this.state.isMoving || !(await this.save())) {
            return;
        }
        if (this.deal.is_blocked) {
            return this.openDialog();
        }
        this.state.isMoving = true;
        try {
            await this.orm.call("crm.lead", "action_move_on", [[this.deal.id], this.deal.stage.id]);
            await checkRainbowmanMessage(this.orm, this.effect, this.deal.id);
        } finally {
            this.state.isMoving = false;
            await this.reload();
        }
    }

    async openDialog() {
        const action = await this.orm.call("crm.lead", "action_open_stage_change", [[this.deal.id]]);
        await this.action.doAction(action, {onClose: () => this.reload()});
    }

    async onUndo() {
        if (!(await this.save())) {
            return;
        }
        try {
            await this.orm.call("crm.lead", "action_undo_stage_move", [[this.deal.id]]);
        } finally {
            await this.reload();
        }
    }
}

registry.category("fields").add("sales_stage_panel", {
    component: StagePanel,
    displayName: _t("Stage Panel"),
    supportedTypes: ["json"],
    fieldDependencies: [{name: "stage_id", type: "many2one"}],
});
