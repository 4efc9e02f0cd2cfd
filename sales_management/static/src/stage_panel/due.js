import {_t} from "@web/core/l10n/translation";
import {deserializeDateTime} from "@web/core/l10n/dates";

const {DateTime} = luxon;

/**
 * How far away something due is, in words, and how urgent.
 *
 * @param {String|luxon.DateTime} due as the server writes it, or as a record holds it
 * @returns {{words: String, when: String, color: String}}
 */
export function describeDue(due) {
    const moment = typeof due === "string" ? deserializeDateTime(due) : due;
    const minutes = moment.diff(DateTime.now(), "minutes").minutes;
    const distance = Math.abs(minutes);
    let amount = _t("%s min", Math.max(1, Math.round(distance)));
    if (distance >= 48 * 60) {
        amount = _t("%s d", Math.round(distance / 1440));
    } else if (distance >= 60) {
        amount = _t("%s h", Math.round(distance / 60));
    }
    if (minutes < 0) {
        // Hours are counted as days from the first whole one on: "1 d late" is what one says.
        const days = Math.floor(distance / 1440);
        return {
            words: _t("%s late", days ? _t("%s d", days) : amount),
            when: formatMoment(moment),
            color: "text-danger",
        };
    }
    return {
        words: _t("in %s", amount),
        when: formatMoment(moment),
        color: minutes < 24 * 60 ? "text-warning-emphasis" : "text-muted",
    };
}

function formatMoment(moment) {
    const isNear = Math.abs(moment.diffNow("days").days) < 7;
    return moment.toFormat(isNear ? "ccc HH:mm" : "d LLL HH:mm");
}
