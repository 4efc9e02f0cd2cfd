import {registry} from "@web/core/registry";

const PANEL = ".o_sales_stage_panel";
const ROW = `${PANEL} .o_sales_stage_row`;
const TASK = "Ask for the customer's feedback";

registry.category("web_tour.tours").add("feedback_is_owed_once_sent", {
    steps: () => [
        {
            content: "Nothing is owed before the quotation is sent",
            trigger: `${PANEL}:not(:contains("${TASK}")) .o_sales_stage_row[data-code=quotation] button:contains(Open Quotations)`,
            run: "click",
        },
        {
            trigger: ".o_statusbar_buttons button[name=action_quotation_send]",
            run: "click",
        },
        {
            trigger: ".modal .o_mail_send",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_form_view:contains(Quotation Sent)",
        },
        {
            content: "Back to the deal: an arrow on a phone, its name elsewhere",
            trigger: ".o_back_button:not(li), .breadcrumb-item:contains(Bolts for a bridge) a",
            run: "click",
        },
        {
            content: "From then on the customer's feedback is, within two days",
            trigger: `${PANEL} .o_sales_owed:contains("${TASK}"):contains(in 48 h)`,
        },
        {
            trigger: `${ROW}.o_is_met[data-code=quotation]`,
        },
    ],
});

registry.category("web_tour.tours").add("feedback_is_written_down", {
    steps: () => [
        {
            content: "Today says when it is due",
            trigger: `.o_sales_today [data-section=due] .o_sales_today_row:contains("${TASK}"):contains(in 5 h) a`,
            run: "click",
        },
        {
            trigger: `${PANEL}:contains("${TASK}") .o_sales_stage_row[data-code=field]:contains(feedback) button:contains(Fill In)`,
            run: "click",
        },
        {
            trigger: `${ROW} .o_field_widget[name=deal_feedback] textarea`,
            run: "edit Price is fine, wants two weeks less",
        },
        {
            trigger: `${ROW} button:contains(Save)`,
            run: "click",
        },
        {
            content: "What was owed is done, and nothing blocks",
            trigger: `${PANEL}:not(:contains("${TASK}")) button:contains(Move to Negotiation).btn-primary`,
            run: "click",
        },
        {
            content: "The deal is in the next stage",
            trigger: `${PANEL} button:contains(Move to Won)`,
        },
    ],
});
