import {Component, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {useAutofocus, useService} from "@web/core/utils/hooks";

/** The number to call, and room for what was said; noted on the deal as a call that is done. */
export class CallDialog extends Component {
    static template = "sales_management.CallDialog";
    static components = {Dialog};
    static props = {close: Function, deal: Object, onLogged: Function};

    setup() {
        this.orm = useService("orm");
        this.state = useState({feedback: "", busy: false});
        useAutofocus({refName: "feedback"});
    }

    get phoneLink() {
        return `tel:${this.props.deal.phone.replace(/[^\d+]/g, "")}`;
    }

    async onLog() {
        this.state.busy = true;
        try {
            await this.orm.call("crm.lead", "action_log_contact", [[this.props.deal.id]], {
                requirement_id: false,
                note: this.state.feedback,
            });
            this.props.close();
            this.props.onLogged();
        } finally {
            this.state.busy = false;
        }
    }
}
