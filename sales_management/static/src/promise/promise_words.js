import {_t} from "@web/core/l10n/translation";
import {toLocaleDateString} from "@web/core/l10n/dates";

/** How sure a date is, in three words, with the sign that one sees before one reads. */
const CERTAINTIES = {
    in_stock: {name: "in_stock", icon: "fa-circle", color: "text-success", words: _t("in stock")},
    on_way: {name: "on_way", icon: "fa-adjust", color: "text-info", words: _t("on the way")},
    to_confirm: {name: "to_confirm", icon: "fa-circle-o", color: "text-muted", words: _t("to be confirmed")},
};
const CERTAINTY_BY_CONFIDENCE = {a: "in_stock", b: "on_way", c: "on_way", d: "to_confirm", e: "to_confirm"};
const CONFIDENCES = {
    a: _t("On hand, and needed by nobody else"),
    b: _t("On the way, and acknowledged"),
    c: _t("On the way, but not acknowledged, overdue, or a return"),
    d: _t("Only a draft: nothing is ordered yet"),
    e: _t("Only a lead time, or nobody knows"),
};
const STATES = {
    late: {color: "text-danger", words: _t("committed earlier than can be held")},
    at_risk: {color: "text-danger", words: _t("could be held when it was committed, and can no longer")},
    ok: {color: "", words: _t("can be held")},
};

export function describeCertainty(confidence) {
    return CERTAINTIES[CERTAINTY_BY_CONFIDENCE[confidence] || "to_confirm"];
}

export function describeConfidence(confidence) {
    return CONFIDENCES[confidence] || "";
}

export function describeState(state) {
    return STATES[state] || {color: "", words: ""};
}

/** A day as one says it; the year only where it is another than this one. */
export function formatDay(moment) {
    return moment ? toLocaleDateString(moment) : "";
}
