import {RedirectWarningDialog, WarningDialog} from "@web/core/errors/error_dialogs";
import {Component, xml} from "@odoo/owl";
import {FormController} from "@web/views/form/form_controller";
import {_t} from "@web/core/l10n/translation";
import {patch} from "@web/core/utils/patch";
import {registry} from "@web/core/registry";
import {useBus} from "@web/core/utils/hooks";

/** Tells the panel of an open deal that a move of it was refused: it shows the stage that the deal is in. */
export const DEAL_REFUSED = "SALES_MANAGEMENT:DEAL-REFUSED";

/** What was typed into a form waits to be approved, and is typed there no more; listeners add their promises. */
const EDIT_REQUESTED = "SALES_MANAGEMENT:EDIT-REQUESTED";
const BLOCKED_ERROR = "odoo.addons.sales_management.exceptions.BlockedError";

patch(FormController.prototype, {
    setup() {
        super.setup();
        useBus(this.env.bus, EDIT_REQUESTED, ({detail}) => {
            if (!this.env.inDialog && this.model.root && !this.model.root.isNew) {
                detail.push(this.model.root.discard());
            }
        });
    },

    /** The dialog on leaving a form shows the words of a refusal alone, without the action that resolves it. */
    onSaveError(error, ...rest) {
        if (error.data?.name === BLOCKED_ERROR) {
            error.data.message = error.data.arguments[0];
        }
        return super.onSaveError(error, ...rest);
    },
});

/** A refusal with a button that opens what resolves it; the view shows afterwards what became of the deals. */
class ResolveDialog extends RedirectWarningDialog {
    setup() {
        super.setup();
        this.title = _t("Something is missing");
    }

    async onClick() {
        const action = this.actionService;
        await action.doAction(this.actionId, {
            onClose: async (infos) => {
                if (infos?.is_requested) {
                    // What was typed has been requested: the form would save it first, and be refused again.
                    const discarded = [];
                    this.env.bus.trigger(EDIT_REQUESTED, discarded);
                    await Promise.all(discarded);
                } else if (this.actionId.res_model === "sales.approval.change") {
                    return;
                }
                // A row of a list that is being edited would be saved, and so refused again.
                if (infos?.is_moved || action.currentController?.view?.type !== "list") {
                    await action.doAction("soft_reload");
                }
            },
        });
        this.props.close();
    }
}

/** A refusal of the server: with a way to resolve it where it knows one, a plain warning otherwise. */
export class BlockedDialog extends Component {
    static template = xml`<t t-component="dialog" t-props="props"/>`;
    static props = {...WarningDialog.props};

    setup() {
        this.dialog = this.props.data.arguments[1] ? ResolveDialog : WarningDialog;
        this.env.bus.trigger(DEAL_REFUSED);
    }
}

registry.category("error_dialogs").add(BLOCKED_ERROR, BlockedDialog);
