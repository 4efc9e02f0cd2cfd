import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";

const location = Object.getOwnPropertyDescriptor(browser, "location");
let taps = 0;
let file = "";

/** From here on each tap counts, wherever it falls, and the file is fetched here: a tour ends where its page does. */
function startCounting() {
    taps = 0;
    document.addEventListener("click", () => taps++, {capture: true});
    const {href, origin, pathname, search, hash, host, protocol} = browser.location;
    const assign = (url) => (file = url);
    Object.defineProperty(browser, "location", {
        configurable: true,
        value: {href, origin, pathname, search, hash, host, protocol, assign},
    });
}

async function checkFile(extension) {
    Object.defineProperty(browser, "location", location);
    if (taps !== 2) {
        throw new Error(`It took ${taps} taps, not two`);
    }
    const disposition = (await fetch(file)).headers.get("Content-Disposition");
    if (!disposition.startsWith("attachment") || !disposition.includes(`.${extension}`)) {
        throw new Error(`No file is downloaded, but ${disposition}`);
    }
}

function checkWidth() {
    const width = document.querySelector(".o_content").scrollWidth;
    if (width > window.innerWidth) {
        throw new Error(`The screen is ${width} wide, the window ${window.innerWidth}`);
    }
}

registry.category("web_tour.tours").add("quotation_handed_over", {
    steps: () => [
        {
            trigger: ".o_form_view button[name=action_open_hand_over]",
            run() {
                checkWidth();
                startCounting();
            },
        },
        {
            content: "The first tap asks for the format",
            trigger: ".o_form_view button[name=action_open_hand_over]",
            run: "click",
        },
        {
            trigger: ".modal .o_sales_hand_over [name=hand_over_name]:contains(_S0)",
        },
        {
            content: "The second gives the file",
            trigger: ".modal .o_sales_hand_over button[name=action_hand_over]:contains(Excel)",
            run: "click",
        },
        {
            content: "The quotation says that it went",
            trigger: "body:not(:has(.modal)) .o_form_view [name=hand_over]:contains(Last handed over on)",
            run: () => checkFile("xlsx"),
        },
    ],
});

registry.category("web_tour.tours").add("quotation_handed_over_from_today", {
    steps: () => [
        {
            trigger: ".o_sales_today [data-section=quotes] [data-action=hand_over]",
            run: startCounting,
        },
        {
            trigger: ".o_sales_today [data-section=quotes] [data-action=hand_over]",
            run: "click",
        },
        {
            trigger: ".modal .o_sales_hand_over button[name=action_hand_over]:contains(PDF)",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_sales_today",
            run: () => checkFile("pdf"),
        },
    ],
});

registry.category("web_tour.tours").add("quotation_not_handed_over", {
    steps: () => [
        {
            trigger: ".o_form_view button[name=action_open_hand_over]",
            run: "click",
        },
        {
            content: "It says why not, and gives no file",
            trigger: ".modal:contains(The discount of 18 % is not approved)",
        },
        {
            trigger: ".modal .modal-footer button:last-child",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_form_view",
        },
    ],
});
