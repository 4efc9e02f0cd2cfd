import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/views/fields/formatters";
import {monetaryField, MonetaryField} from "@web/views/fields/monetary/monetary_field";
import {registry} from "@web/core/registry";

/** An amount of a target: money with its currency, and what is counted without decimals that it does not have. */
export class TargetAmountField extends MonetaryField {
    get formattedValue() {
        if (this.currencyId || this.props.inputType === "number") {
            return super.formattedValue;
        }
        return formatFloat(this.value || 0, {digits: [16, 2], trailingZeros: false});
    }
}

export const targetAmountField = {
    ...monetaryField,
    component: TargetAmountField,
    displayName: _t("Amount of a Target"),
};

registry.category("fields").add("sales_target_amount", targetAmountField);
