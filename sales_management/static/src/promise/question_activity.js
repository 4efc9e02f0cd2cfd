import {Activity} from "@mail/core/web/activity";
import {ActivityListPopoverItem} from "@mail/core/web/activity_list_popover_item";
import {patch} from "@web/core/utils/patch";

/** What production is asked is answered, not marked done: one button asks for the date. */
const answers = {
    get isQuestion() {
        return this.props.activity.activity_category === "sales_question";
    },

    async onClickAnswer() {
        const {orm, action} = this.env.services;
        const {res_model: model, res_id: id} = this.props.activity;
        const dialog = await orm.call(model, "action_open_answer", [[id]]);
        action.doAction(dialog, {onClose: () => this.onAnswered()});
    },
};

patch(Activity.prototype, answers);
patch(Activity.prototype, {
    onAnswered() {
        this.props.onActivityChanged(this.thread);
        this.props.reloadParentView();
    },
});

patch(ActivityListPopoverItem.prototype, answers);
patch(ActivityListPopoverItem.prototype, {
    get hasMarkDoneButton() {
        return !this.isQuestion && super.hasMarkDoneButton;
    },

    get hasEditButton() {
        return !this.isQuestion && super.hasEditButton;
    },

    get hasCancelButton() {
        return !this.isQuestion && super.hasCancelButton;
    },

    onAnswered() {
        this.props.onActivityChanged?.();
    },
});
