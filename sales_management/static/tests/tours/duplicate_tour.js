import {registry} from "@web/core/registry";

const NAME = ".o_form_view [name=name] :is(input, textarea)";
const PHONE = ".o_form_view [name=phone] input";
const SAVE = {
    trigger: ".o_form_button_save:visible",
    run: "click",
};

registry.category("web_tour.tours").add("duplicate_warned", {
    steps: () => [
        {
            trigger: NAME,
            run: "edit Weber again",
        },
        {
            trigger: PHONE,
            run: "edit 0049 30 901820",
        },
        SAVE,
        {
            content: "It is saved, and says whose the other one is",
            trigger: "[name=customer_duplicate_alert]:contains(Weber Küchen GmbH):contains(Member)",
        },
    ],
});

registry.category("web_tour.tours").add("duplicate_refused", {
    steps: () => [
        {
            trigger: NAME,
            run: "edit Weber again",
        },
        {
            trigger: PHONE,
            run: "edit 0049 30 901820",
        },
        SAVE,
        {
            content: "It is not saved, and says whose the other one is",
            trigger: ".modal:contains(Member)",
        },
        {
            trigger: ".modal footer button.btn-primary",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_form_button_cancel:visible",
            run: "click",
        },
        {
            trigger: "body:not(:has(.o_form_dirty))",
        },
    ],
});
