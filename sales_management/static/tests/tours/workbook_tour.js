import {registry} from "@web/core/registry";

function checkWidth() {
    for (const element of document.querySelectorAll(".o_content, .modal-body")) {
        if (element.scrollWidth > window.innerWidth) {
            throw new Error(`The screen is ${element.scrollWidth} wide, the window ${window.innerWidth}`);
        }
    }
}

registry.category("web_tour.tours").add("workbook", {
    steps: () => [
        {
            content: "Nobody has made one yet",
            trigger: ".o_view_nocontent",
        },
        {
            trigger: ".o_control_panel button:contains(/Make a Workbook|生成工作簿/)",
            run: "click",
        },
        {
            content: "The last month, all teams, all sheets: the usual needs no answer",
            trigger: ".modal [name=sheet_ids] input:checked",
            run: checkWidth,
        },
        {
            trigger: ".modal footer button[name=action_make]:visible",
            run: "click",
        },
        {
            content: "It is long, and made in the background: the screen looks again by itself",
            trigger: ".o_form_view .alert-info:visible:has(.o_sales_workbook_progress)",
        },
        {
            trigger: ".o_form_view .o_arrow_button_current:contains(/Waiting|等待/)",
        },
    ],
});

registry.category("web_tour.tours").add("workbook_ready", {
    steps: () => [
        {
            trigger: ".o_data_row button[name=action_download]",
        },
        {
            trigger: ".o_data_row .o_data_cell[name=name]",
            run: "click",
        },
        {
            content: "It is ready",
            trigger: ".o_form_view button[name=action_download]:visible",
            run: checkWidth,
        },
        {
            trigger: ".o_form_view [name=file] a, .o_form_view [name=file] .o_form_uri",
        },
    ],
});
