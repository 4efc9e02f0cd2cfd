import {Activity} from "@mail/core/web/activity";
import {ActivityListPopoverItem} from "@mail/core/web/activity_list_popover_item";
import {patch} from "@web/core/utils/patch";

/** What approval asks is decided, not marked done: one button shows all of it with the buttons that decide. */
const decides = {
    get isApproval() {
        return this.props.activity.activity_category === "sales_approval";
    },

    async onClickDecide() {
        const {orm, action} = this.env.services;
        const {res_model: model, res_id: id} = this.props.activity;
        const dialog = await orm.call(model, "action_open_decision", [[id]]);
        action.doAction(dialog, {onClose: () => this.onDecided()});
    },
};

patch(Activity.prototype, decides);
patch(Activity.prototype, {
    onDecided() {
        this.props.onActivityChanged(this.thread);
        this.props.reloadParentView();
    },
});

patch(ActivityListPopoverItem.prototype, decides);
patch(ActivityListPopoverItem.prototype, {
    get hasMarkDoneButton() {
        return !this.isApproval && super.hasMarkDoneButton;
    },

    get hasEditButton() {
        return !this.isApproval && super.hasEditButton;
    },

    get hasCancelButton() {
        return !this.isApproval && super.hasCancelButton;
    },

    onDecided() {
        this.props.onActivityChanged?.();
    },
});
