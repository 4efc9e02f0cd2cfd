import {components} from "@odoo/o-spreadsheet";
import {SEE_RECORDS_PIVOT, SEE_RECORDS_PIVOT_VISIBLE} from "@spreadsheet/pivot/pivot_actions";
import {patch} from "@web/core/utils/patch";

/** What the cards of the boards of sales are called: see docs/dashboards/writer.py. */
const OURS = "sales_management-";

/** A card of the boards of sales opens the records that its value counts, with the filters of the board. */
patch(components.ScorecardChart.prototype, {
    get recordsPosition() {
        const {getters} = this.env.model;
        const range = this.props.chartId.startsWith(OURS) && getters.getChart(this.props.chartId).keyValue;
        if (!range) {
            return undefined;
        }
        const position = {sheetId: range.sheetId, col: range.zone.left, row: range.zone.top};
        return SEE_RECORDS_PIVOT_VISIBLE(position, getters) ? position : undefined;
    },
    get hasOdooMenu() {
        return super.hasOdooMenu || Boolean(this.env.isDashboard() && this.recordsPosition);
    },
    async navigateToOdooMenu(newWindow) {
        const position = this.recordsPosition;
        return position ? SEE_RECORDS_PIVOT(position, this.env, newWindow) : super.navigateToOdooMenu(newWindow);
    },
});
