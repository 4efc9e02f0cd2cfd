import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

/** Say what was approved, and offer to withdraw it as long as one may have slipped. */
function sayApproved(env, action) {
    const {message, request_ids: ids, next} = action.params;
    const close = env.services.notification.add(message, {
        type: "success",
        className: "o_sales_approved",
        autocloseDelay: 10000,
        buttons: [
            {
                name: _t("Withdraw"),
                onClick: async () => {
                    close();
                    const dialog = await env.services.orm.call("sales.approval.request", "action_open_withdraw", [ids]);
                    env.services.action.doAction(dialog, {
                        onClose: () => env.services.action.doAction("soft_reload"),
                    });
                },
            },
        ],
    });
    return next;
}

registry.category("actions").add("sales_management.approved", sayApproved);
