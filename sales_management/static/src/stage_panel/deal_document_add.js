import {Component, onWillStart, useState} from "@odoo/owl";
import {DocumentInput} from "@sales_management/stage_panel/document_input";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useService} from "@web/core/utils/hooks";

/** On the page of documents: adds one of any type, whether a stage asks for it or not. */
export class DealDocumentAdd extends Component {
    static template = "sales_management.DealDocumentAdd";
    static components = {DocumentInput};
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.state = useState({types: [], typeId: false});
        onWillStart(async () => {
            this.state.types = await this.orm.searchRead("sales.document.type", [], ["display_name"], {limit: 80});
            this.state.typeId = this.state.types[0]?.id || false;
        });
    }

    async change(callback) {
        const {record} = this.props;
        if (!(await record.isDirty()) || (await record.save())) {
            await callback();
            await record.load();
        }
    }

    onChooseType(ev) {
        this.state.typeId = Number(ev.target.value);
    }
}

registry.category("view_widgets").add("sales_deal_document_add", {component: DealDocumentAdd});
