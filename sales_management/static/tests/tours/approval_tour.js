import {registry} from "@web/core/registry";

function checkWidth() {
    for (const element of document.querySelectorAll(".o_content, .modal-body")) {
        if (element.scrollWidth > window.innerWidth) {
            throw new Error(`The screen is ${element.scrollWidth} wide, the window ${window.innerWidth}`);
        }
    }
}

registry.category("web_tour.tours").add("approval_is_requested", {
    steps: () => [
        {
            content: "The line says what is missing, and its button helps: in one tap, on a phone too",
            trigger: ".o_form_view .o_sales_release_line:contains(needs approval) button:contains(Request Approval)",
            run: "click",
        },
        {
            content: "Which rule asks, and who would be asked",
            trigger:
                ".modal .o_sales_approval_preview:contains(Effective discount 20 %):contains(Leader):contains(Finance)",
            run: checkWidth,
        },
        {
            trigger: ".modal [name=comment] textarea",
            run: "edit He doubles next year",
        },
        {
            trigger: ".modal button[name=action_ask]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_form_view [name=approval_state]:contains(Pending)",
        },
    ],
});

registry.category("web_tour.tours").add("approval_is_given", {
    steps: () => [
        {
            content: "All that is needed to decide stands on the card",
            trigger:
                ".o_kanban_record:contains(Hangzhou Bolt):contains(800.00):contains(20):contains(37.5):contains(He doubles next year)",
            run: checkWidth,
        },
        {
            trigger: ".o_kanban_record button[name=action_approve_now]",
            run: "click",
        },
        {
            content: "It asks once, for the margin is under the floor",
            trigger: ".modal .alert:contains(under the floor)",
            run: checkWidth,
        },
        {
            trigger: ".modal footer button[name=action_apply]:contains(Approve)",
            run: "click",
        },
        {
            content: "What was approved can be withdrawn right after",
            trigger: ".o_notification:contains(Approved) button:contains(Withdraw)",
        },
        {
            trigger: "body:not(:has(.modal)) .o_nocontent_help",
        },
    ],
});

registry.category("web_tour.tours").add("approval_is_returned", {
    steps: () => [
        {
            trigger: ".o_kanban_record button[name=action_open_return]",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row [name=wanted_price]",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row [name=wanted_price] input",
            run: "edit 9 && press Tab",
        },
        {
            content: "What would come of it is shown as one types",
            trigger: ".modal [name=amount_untaxed]:contains(900.00)",
        },
        {
            trigger: ".modal footer button[name=action_apply]:contains(Return)",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_nocontent_help",
        },
    ],
});

registry.category("web_tour.tours").add("returned_price_is_taken", {
    steps: () => [
        {
            trigger: ".o_sales_release_line:contains(returned it with another price) button:contains(Take That Price)",
            run: "click",
        },
        {
            content: "What would change stands there before it is taken",
            trigger: ".modal [name=returned]:contains(8.00 → 9.00)",
            run: checkWidth,
        },
        {
            trigger: ".modal button[name=action_take]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_sales_release_line:contains(Released)",
        },
    ],
});

registry.category("web_tour.tours").add("change_is_requested", {
    steps: () => [
        {
            trigger: ".o_field_widget[name=order_line] .o_data_row td[name=price_unit]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=order_line] .o_data_row td[name=price_unit] input",
            run: "edit 8 && press Tab",
        },
        {
            trigger: ".o_form_button_save:enabled",
            run: "click",
        },
        {
            content: "It is refused, and says what to do",
            trigger: ".modal:contains(this change needs approval) .modal-footer button:contains(Request a Change)",
            run: "click",
        },
        {
            content: "What was entered is proposed",
            trigger: ".modal [name=difference]:contains(10 → 8)",
        },
        {
            trigger: ".modal [name=comment] textarea",
            run: "edit He doubles next year",
        },
        {
            trigger: ".modal button[name=action_submit]",
            run: "click",
        },
        {
            content: "The order is as it was, and says that it waits",
            trigger: "body:not(:has(.modal)) .o_form_view:not(:has(.o_form_dirty)) td[name=price_unit]:contains(10.00)",
        },
    ],
});
