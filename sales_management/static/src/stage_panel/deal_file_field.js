import {Component} from "@odoo/owl";
import {FileModel} from "@web/core/file_viewer/file_model";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useFileViewer} from "@web/core/file_viewer/file_viewer_hook";
import {useService} from "@web/core/utils/hooks";

/** A file of a deal: shown where the browser can, downloaded where it cannot. */
export class DealFileField extends Component {
    static template = "sales_management.DealFileField";
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
        this.fileViewer = useFileViewer();
    }

    get file() {
        return this.props.record.data[this.props.name];
    }

    async onOpen() {
        const [values] = await this.orm.read("ir.attachment", [this.file.id], ["name", "mimetype", "type", "url"]);
        const file = Object.assign(new FileModel(), values);
        if (file.isViewable) {
            this.fileViewer.open(file);
        } else {
            window.location = file.downloadUrl;
        }
    }
}

registry.category("fields").add("sales_deal_file", {
    component: DealFileField,
    displayName: _t("Deal File"),
    supportedTypes: ["many2one"],
});
