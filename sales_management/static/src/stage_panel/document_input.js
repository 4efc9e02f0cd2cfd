import {Component, useRef, useState} from "@odoo/owl";
import {useFileUploader} from "@web/core/utils/files";
import {useService} from "@web/core/utils/hooks";

/** Adds documents of one type to a deal: a file, a photo of the phone's camera, or pasted text. */
export class DocumentInput extends Component {
    static template = "sales_management.DocumentInput";
    static props = {
        dealId: Number,
        typeId: Number,
        // Called with what changes something on the server; it answers `false` when nothing was added.
        change: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.upload = useFileUploader();
        this.fileInput = useRef("file");
        this.photoInput = useRef("photo");
        this.state = useState({isPasting: false, text: ""});
    }

    togglePasting() {
        this.state.isPasting = !this.state.isPasting;
        this.state.text = "";
    }

    async onPaste() {
        const text = this.state.text.trim();
        if (text) {
            await this.props.change(() => this.create([{text}]));
            this.state.isPasting = false;
        }
    }

    onFiles(ev) {
        const files = [...ev.target.files];
        // The same file may be chosen again, such as after an error.
        ev.target.value = "";
        return files.length ? this.props.change(() => this.createFromFiles(files)) : undefined;
    }

    async createFromFiles(files) {
        const uploaded =
            (await this.upload("/web/binary/upload_attachment", {
                csrf_token: odoo.csrf_token,
                model: "sales.deal.document",
                id: 0,
                ufile: files,
            })) || [];
        for (const {error} of uploaded.filter((file) => file.error)) {
            this.notification.add(error, {type: "danger"});
        }
        const kept = uploaded.filter((file) => file.id);
        return kept.length ? this.create(kept.map((file) => ({attachment_id: file.id}))) : false;
    }

    create(contents) {
        const {dealId, typeId} = this.props;
        return this.orm.create(
            "sales.deal.document",
            contents.map((content) => ({...content, lead_id: dealId, type_id: typeId})),
        );
    }
}
