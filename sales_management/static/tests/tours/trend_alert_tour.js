import {registry} from "@web/core/registry";

function checkWidth() {
    for (const element of document.querySelectorAll(".o_content")) {
        if (element.scrollWidth > window.innerWidth) {
            throw new Error(`The screen is ${element.scrollWidth} wide, the window ${window.innerWidth}`);
        }
    }
}

registry.category("web_tour.tours").add("trend_alert", {
    steps: () => [
        {
            content: "Where nothing was found yet, the screen says what it is for",
            trigger: ".o_view_nocontent_smiling_face",
        },
        {
            trigger: "button[name=action_make]",
            run: "click",
        },
        {
            content: "The team ordered 75 % less, said with the mean",
            trigger: ".o_data_row:contains(East):contains(500):contains(2,000):contains(75) td[name=sentence]",
            run: "click",
        },
        {
            content: "The figure leads to the lines that make it",
            trigger: ".o_form_view button[name=action_open_results]",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(Bolt):contains(500.00)",
        },
        {
            trigger: ".o_back_button a, .breadcrumb-item.o_back_button a",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=reason] input",
            run: "edit The fair",
        },
        {
            trigger: ".o_form_view button[name=action_dismiss]",
            run: "click",
        },
        {
            content: "Who dismissed it is said",
            trigger: ".o_form_view .o_field_widget[name=dismissed_by_id]:contains(Manager)",
        },
        {
            trigger: ".o_back_button a, .breadcrumb-item.o_back_button a",
            run: "click",
        },
        {
            content: "What is dismissed is no longer in the way",
            trigger: ".o_list_view:not(:has(.o_data_row:contains(East):contains(500):contains(2,000)))",
            run: checkWidth,
        },
    ],
});

registry.category("web_tour.tours").add("trend_alert_phone", {
    steps: () => [
        {
            trigger: ".o_kanban_record:contains(East):contains(500):contains(2,000)",
            run: checkWidth,
        },
        {
            trigger: ".o_kanban_record:contains(East):contains(500):contains(2,000) [name=action_dismiss]",
            run: "click",
        },
        {
            trigger: ".o_kanban_view:not(:has(.o_kanban_record:contains(East):contains(500):contains(2,000)))",
        },
    ],
});
