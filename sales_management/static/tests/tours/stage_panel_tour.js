import {registry} from "@web/core/registry";

const DEAL = "Bolts for a bridge";
const ROW = ".o_sales_stage_row";

function card(column) {
    return `.o_kanban_group:has(.o_column_title:contains(${column})) .o_kanban_record:contains(${DEAL})`;
}

function tick(name, within = ".modal") {
    return {
        content: `Tick off ${name}`,
        trigger: `${within} ${ROW}[data-code=checklist] label:contains(${name}) input:not(:checked):enabled`,
        run: "click",
    };
}

function paste(within = ".modal") {
    return [
        {
            content: "Paste the text of the document that is missing",
            trigger: `${within} ${ROW}[data-code=document] button:contains(Paste)`,
            run: "click",
        },
        {
            trigger: `${within} ${ROW}[data-code=document] textarea`,
            run: "edit He wants 5,000 of them",
        },
        {
            trigger: `${within} ${ROW}[data-code=document] button:contains(Add):enabled`,
            run: "click",
        },
    ];
}

const showWhatIsMissing = [
    {
        content: "The refusal says what is missing",
        trigger: ".modal.o_error_dialog:contains(Call summary), .modal:has(.o_error_dialog):contains(Call summary)",
    },
    {
        trigger: ".o_error_dialog button:contains(Show What Is Missing)",
        run: "click",
    },
    {
        content: "Nothing moves while something blocks",
        trigger: `.modal:has(.o_sales_stage_change):not(:has(button[name=action_move])) ${ROW}[data-code=checklist]`,
    },
];

const takeInPlace = [
    tick("Drawing"),
    {trigger: `.modal ${ROW}[data-code=checklist]:contains(1 of 2)`},
    tick("Material"),
    {
        content: "What is there is listed no more",
        trigger: `.modal .o_sales_stage_change:not(:has(${ROW}[data-code=checklist])) ${ROW}[data-code=document]`,
    },
    ...paste(),
    {
        content: "Nothing blocks any more",
        trigger: ".modal:has(.o_sales_stage_change):contains(Everything is there) button[name=action_move].btn-primary",
        run: "click",
    },
];

registry.category("web_tour.tours").add("stage_change_from_kanban", {
    steps: () => [
        {
            content: "The card says how much is missing",
            trigger: `${card("Requirements")}:contains(2 missing)`,
            run: "drag_and_drop(.o_kanban_group:has(.o_column_title:contains(Proposal)))",
        },
        {
            content: "The card is back where it was",
            trigger: `body:has(${card("Requirements")}) .o_error_dialog`,
        },
        ...showWhatIsMissing,
        ...takeInPlace,
        {
            content: "The card is in its column, without loading the page again",
            trigger: `body:not(:has(.modal)) ${card("Proposal")}:not(:contains(missing))`,
        },
    ],
});

registry.category("web_tour.tours").add("stage_change_from_form", {
    steps: () => [
        {
            trigger: ".o_sales_stage_panel button:contains(Move to Proposal).btn-secondary",
        },
        {
            trigger: ".o_statusbar_status button:contains(Proposal)",
            run: "click",
        },
        {
            content: "The status bar shows the stage that the deal is in",
            trigger: "body:has(.o_error_dialog) .o_statusbar_status .o_arrow_button_current:contains(Requirements)",
        },
        ...showWhatIsMissing,
        ...takeInPlace,
        {
            trigger: "body:not(:has(.modal)) .o_statusbar_status .o_arrow_button_current:contains(Proposal)",
        },
        {
            content: "The panel is that of the new stage",
            trigger: ".o_sales_stage_panel button:contains(Move to Deal)",
        },
    ],
});

registry.category("web_tour.tours").add("stage_change_leaves_nothing", {
    steps: () => [
        {
            trigger: ".o_statusbar_status button:contains(Deal)",
            run: "click",
        },
        {
            trigger: ".o_error_dialog button:contains(Close)",
            run: "click",
        },
        {
            content: "Nothing is left to save that was refused",
            trigger: "body:not(:has(.modal)) .o_form_view:not(:has(.o_form_button_save:visible)) .o_sales_stage_panel",
        },
        {
            trigger: `.o_sales_stage_panel ${ROW}[data-code=checklist] button:contains(0 of 2)`,
            run: "click",
        },
        tick("Drawing", ".o_sales_stage_panel"),
        {trigger: `.o_sales_stage_panel ${ROW}[data-code=checklist]:contains(1 of 2)`},
    ],
});

registry.category("web_tour.tours").add("stage_panel_forward", {
    steps: () => [
        {
            content: "Open the deal: the first click",
            trigger: `${card("Requirements")}`,
            run: "click",
        },
        {
            content: "Move it on: the second",
            trigger: ".o_sales_stage_panel:contains(2 of 2 done) button:contains(Move to Proposal).btn-primary",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Proposal)",
        },
        {
            content: "It was a mistake",
            trigger: ".o_sales_stage_panel button:contains(Undo)",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Requirements)",
        },
        {
            trigger: ".o_sales_stage_panel:not(:has(button:contains(Undo)))",
        },
    ],
});

registry.category("web_tour.tours").add("stage_panel_in_place", {
    steps: () => [
        {
            trigger: `.o_sales_stage_panel ${ROW}[data-code=checklist] button:contains(0 of 2)`,
            run: "click",
        },
        tick("Drawing", ".o_sales_stage_panel"),
        {trigger: `.o_sales_stage_panel ${ROW}[data-code=checklist]:contains(1 of 2)`},
        tick("Material", ".o_sales_stage_panel"),
        {trigger: `.o_sales_stage_panel ${ROW}[data-code=checklist].o_is_met`},
        ...paste(".o_sales_stage_panel"),
        {
            content: "The panel is one row now",
            trigger: `.o_sales_stage_panel:not(:has(${ROW})) .o_sales_all_done:contains(2 of 2 done)`,
        },
        {
            trigger: ".o_notebook .nav-link:contains(Deal Documents)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=deal_document_ids]:contains(He wants 5,000 of them)",
        },
    ],
});

registry.category("web_tour.tours").add("stage_change_override", {
    steps: () => [
        {
            trigger: ".o_sales_stage_panel button:contains(Move to Proposal)",
            run: "click",
        },
        {
            content: "Without a reason nothing moves",
            trigger: ".modal button[name=action_move_anyway]",
            run: "click",
        },
        {
            trigger: ".modal .o_error_dialog:contains(Give the reason) button:contains(Close)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit The customer is in a hurry",
        },
        {
            trigger: ".modal button[name=action_move_anyway]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_statusbar_status .o_arrow_button_current:contains(Proposal)",
        },
    ],
});
