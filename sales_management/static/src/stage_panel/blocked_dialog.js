import {RedirectWarningDialog, WarningDialog} from "@web/core/errors/error_dialogs";
import {Component, xml} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

/** Tells the panel of an open deal that a move of it was refused: it shows the stage that the deal is in. */
export const DEAL_REFUSED = "SALES_MANAGEMENT:DEAL-REFUSED";

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

registry.category("error_dialogs").add("odoo.addons.sales_management.exceptions.BlockedError", BlockedDialog);
