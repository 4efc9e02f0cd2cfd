import {registry} from "@web/core/registry";

const FORM = ".o_form_view";

registry.category("web_tour.tours").add("customers_come_from_a_spreadsheet", {
    steps: () => [
        {
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "Upload the template as it was filled in",
            trigger: `${FORM} [name=file] input[type=file]:not(:visible)`,
            async run() {
                const response = await fetch("/sales_management/customer_import/template.xlsx");
                const file = new File([await response.blob()], "Customers.xlsx");
                const files = new DataTransfer();
                files.items.add(file);
                this.anchor.files = files.files;
                this.anchor.dispatchEvent(new Event("change", {bubbles: true}));
            },
        },
        {
            trigger: `${FORM} .o_statusbar_buttons button[name=action_check]:contains(Check)`,
            run: "click",
        },
        {
            content: "Each row says what it is, before anything is imported",
            trigger: `${FORM} [name=line_ids] .o_data_row:contains(Hangzhou Bolt):contains(New)`,
        },
        {
            trigger: `${FORM} .o_statusbar_buttons button[name=action_import]:contains(Import)`,
            run: "click",
        },
        {
            trigger: `${FORM} [name=line_ids] .o_data_row:contains(Hangzhou Bolt):contains(Imported)`,
        },
        {
            trigger: `${FORM} .o_statusbar_buttons button[name=action_undo]`,
            run: "click",
        },
        {
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            trigger: `${FORM} [name=line_ids] .o_data_row:contains(Hangzhou Bolt):contains(Undone)`,
        },
    ],
});
