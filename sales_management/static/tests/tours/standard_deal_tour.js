import {registry} from "@web/core/registry";

const DEAL = "Bolts for a bridge";
const PANEL = ".o_sales_stage_panel";
const ROW = `${PANEL} .o_sales_stage_row`;
/** What an ordinary deal may cost whoever sells it, on a phone. */
const LIMITS = {taps: 25, fields: 12};

/** Fail at the end when the steps tap or type more often than they may. A field counts once, with the tap into it. */
function within(limits, steps) {
    const count = (start) => steps.filter(({run}) => run && run.startsWith(start)).length;
    const taps = count("click");
    const fields = count("edit");
    return [
        ...steps,
        {
            trigger: "body",
            run() {
                if (taps > limits.taps || fields > limits.fields) {
                    throw new Error(`${taps} taps and ${fields} fields are too many`);
                }
            },
        },
    ];
}

function tap(trigger, content) {
    return {trigger, content, run: "click"};
}

function type(trigger, text, content) {
    return {trigger, content, run: `edit ${text}`};
}

function moveOn(stage) {
    return tap(
        `${PANEL}:contains(done) button:contains(Move to ${stage}).btn-primary`,
        `Nothing blocks: on to ${stage}`,
    );
}

/** On a phone, a record is chosen on a screen of its own. */
function choose(trigger, name) {
    return [tap(trigger), tap(`.modal .o_kanban_record:contains(${name})`, `Choose ${name}`)];
}

registry.category("web_tour.tours").add("standard_deal_on_a_phone", {
    steps: () =>
        within(LIMITS, [
            tap("body:has(.o_kanban_group:contains(Lead)) .o-kanban-button-new", "A new deal"),
            ...choose(".o_kanban_quick_create .o_field_widget[name=partner_id] input", "Hangzhou Bolt"),
            type(".o_kanban_quick_create .o_field_widget[name=name] input", DEAL),
            type(".o_kanban_quick_create .o_field_widget[name=expected_revenue] input", "48000"),
            tap(".o_kanban_quick_create .o_kanban_edit", "Open it at once"),
            tap(`${ROW}:contains(came from) button:contains(Fill In)`),
            ...choose(`${ROW} .o_field_widget[name=source_id] input`, "Trade fair"),
            tap(`${ROW} button:contains(Save)`),
            moveOn("Contact"),
            type(`${ROW}[data-code=activity] input`, "He needs them until March"),
            tap(`${ROW}[data-code=activity] button:contains(Done)`),
            moveOn("Requirements"),
            tap(`${ROW}[data-code=checklist] button:contains(0 of 8)`),
            tap(`${ROW}[data-code=checklist] button:contains(Tick All)`),
            tap(`${ROW}[data-code=document] button:contains(Paste)`),
            type(`${ROW}[data-code=document] textarea`, "M8, zinc, 5,000 a year, first batch in March"),
            tap(`${ROW}[data-code=document] button:contains(Add):enabled`),
            moveOn("Proposal"),
            tap(`${ROW}[data-code=quotation] button:contains(New Quotation)`),
            tap(".o_field_widget[name=order_line] .o-kanban-button-new, .o_field_x2many_kanban button:contains(Add)"),
            ...choose(
                ".modal .o_field_widget[name=product_template_id] input, .modal .o_field_widget[name=product_id] input",
                "M8 bolt",
            ),
            type(".modal .o_field_widget[name=product_uom_qty] input", "5000"),
            tap(".modal .o_form_button_save"),
            tap(".o_statusbar_buttons button:contains(Send)"),
            tap(".modal button:contains(Send)"),
            {
                content: "The quotation is with the customer",
                trigger: "body:not(:has(.modal)) .o_form_view:contains(Quotation Sent)",
            },
        ]),
});
