import {_t} from "@web/core/l10n/translation";

/** What the page could look like, for whoever has nothing yet. It is marked as a sample, and opens nothing. */
export const SAMPLE = {
    figures: [
        {
            code: "skip_rate",
            label: _t("Skip Rate"),
            value: 3.8,
            wanted: 5,
            previous: 6.2,
            part: 5,
            whole: 130,
        },
        {
            code: "on_time_rate",
            label: _t("On-Time Rate"),
            value: 81.4,
            wanted: 85,
            previous: 78.9,
            part: 241,
            whole: 296,
        },
        {code: "regression_count", label: _t("Regressions"), value: 7},
        {code: "early_loss_rate", label: _t("Lead Loss"), value: 22.5, part: 36, whole: 160},
        {code: "median_response_hours", label: _t("First Response, Median"), value: 4.2},
        {code: "old_rate", label: _t("Old Deals"), value: 11, part: 13, whole: 118},
    ],
    charts: [
        {
            code: "days_by_stage",
            bars: [
                {label: _t("Negotiation"), value: 18.5, compared: 41},
                {label: _t("Proposal submitted"), value: 9.2, compared: 22},
                {label: _t("Contact"), value: 3.1, compared: 8},
            ],
        },
        {
            code: "late_by_person",
            bars: [
                {label: "Li Na", value: 21, compared: 74},
                {label: "Wang Wei", value: 12, compared: 68},
            ],
        },
    ],
    rows: [],
};
