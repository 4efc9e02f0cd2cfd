import {GlobalFiltersCoreViewPlugin} from "@spreadsheet/global_filters/plugins/global_filters_core_view_plugin";
import {getDateDomain, getDateRange} from "@spreadsheet/global_filters/helpers";
import {Domain} from "@web/core/domain";
import {patch} from "@web/core/utils/patch";

/** The filter by period of the boards of sales: see docs/dashboards/sources.py. */
const PERIOD = "sales_management_period";

/**
 * Odoo compares a range of days with itself. On the boards of sales it is compared with as many days before; without a
 * first and a last day there is nothing before.
 */
patch(GlobalFiltersCoreViewPlugin.prototype, {
    getGlobalFilterDomain(filterId, fieldMatching) {
        const value = filterId === PERIOD ? this.getGlobalFilterValue(filterId) : undefined;
        const isOpen = !value || (value.type === "range" && !(value.from && value.to));
        if (filterId !== PERIOD || !fieldMatching.offset || !fieldMatching.chain) {
            return super.getGlobalFilterDomain(filterId, fieldMatching);
        }
        if (isOpen) {
            return Domain.FALSE;
        }
        if (value.type !== "range") {
            return super.getGlobalFilterDomain(filterId, fieldMatching);
        }
        const {from, to} = getDateRange(value);
        const days = Math.round(to.diff(from, "days").days) * fieldMatching.offset;
        return getDateDomain(from.plus({days}), to.plus({days}), fieldMatching.chain, fieldMatching.type);
    },
});
