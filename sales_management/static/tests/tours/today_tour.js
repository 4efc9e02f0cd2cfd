import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";

/** A row of a section of Today. */
function row(section, title) {
    return `.o_sales_today [data-section=${section}] .o_sales_today_row:contains(${title})`;
}

function gone(section) {
    return `.o_sales_today:not(:has([data-section=${section}]))`;
}

registry.category("web_tour.tours").add("today_finished_row_by_row", {
    steps: () => [
        {
            content: "The screen fits its window",
            trigger: ".o_sales_today .container-xl",
            run() {
                const content = document.querySelector(".o_content");
                if (content.scrollWidth > window.innerWidth) {
                    throw new Error(`Today is ${content.scrollWidth} wide, the window ${window.innerWidth}`);
                }
            },
        },
        {
            content: "A to-do is done where it stands",
            trigger: `${row("late", "Customer feedback")}:contains(1 d late) [data-action=done]`,
            run: "click",
        },
        {
            trigger: gone("late"),
        },
        {
            content: "A quotation is extended",
            trigger: ".o_sales_today [data-section=quotes] [data-action=extend]",
            run: "click",
        },
        {
            trigger: gone("quotes"),
        },
        {
            content: "A call is noted with what was said",
            trigger: `${row("quiet", "Springs")}:contains(no contact yet) [data-action=call]`,
            run: "click",
        },
        {
            trigger: ".o_sales_today_call a[href='tel:+8657188880001']",
        },
        {
            trigger: ".o_sales_today_call textarea",
            run: "edit Asked for a drawing",
        },
        {
            trigger: ".o_sales_today_log",
            run: "click",
        },
        {
            trigger: `${row("quiet", "Springs")}:contains(last contact today) [data-action=move_on]`,
            run: "click",
        },
        {
            content: "The dialog that moves a deal on opens over the screen",
            trigger: ".modal .o_form_view",
        },
        {
            trigger: ".modal .modal-header button",
            run: "click",
        },
        {
            trigger: `body:not(:has(.modal)) ${row("quiet", "Springs")} [data-action=plan]`,
            run: "click",
        },
        {
            trigger: ".modal button[name=action_schedule_activities]",
            run: "click",
        },
        {
            trigger: `body:not(:has(.modal)) ${gone("quiet")}`,
        },
        {
            trigger: ".o_sales_today_report",
            run: "click",
        },
        {
            content: "The report tells what was done on the way",
            trigger: ".o_sales_today_report_dialog textarea:value(Asked for a drawing)",
        },
        {
            trigger: ".o_sales_today_copy",
            async run({click}) {
                let copied = "";
                const clipboard = browser.navigator.clipboard;
                // A browser without a window of its own may not write to the real one.
                clipboard.writeText = async (text) => (copied = text);
                await click();
                delete clipboard.writeText;
                if (!copied.includes("Asked for a drawing")) {
                    throw new Error(`The button copied ${copied}`);
                }
            },
        },
        {
            trigger: ".o_notification:contains(copied)",
        },
        {
            trigger: ".modal .btn:contains(Close)",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_sales_today",
        },
    ],
});
