import {Component, onWillStart, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {deserializeDateTime, formatDate} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {useService} from "@web/core/utils/hooks";
import {formatFloat} from "@web/core/utils/numbers";
import {useSetupAction} from "@web/search/action_hook";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {SAMPLE} from "./process_health_sample";

const PERIODS = {
    month: _t("Last 30 days"),
    quarter: _t("Last 90 days"),
    year: _t("Last 365 days"),
};
const CHARTS = {
    days_by_stage: _t("Days in stage, median"),
    regressions_by_stage: _t("Went back, by stage left"),
    skips_by_person: _t("Deals that skipped stages, by salesperson"),
    late_by_person: _t("Late to-dos, by responsible"),
};
/** What is better when it is higher. */
const HIGHER_IS_BETTER = new Set(["on_time_rate"]);
const VIEWS = [
    [false, "list"],
    [false, "kanban"],
    [false, "pivot"],
    [false, "graph"],
];

export class ProcessHealth extends Component {
    static template = "sales_management.ProcessHealth";
    static components = {Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.periods = PERIODS;
        this.display = {controlPanel: {}};
        // Who drills down and comes back finds what they had chosen.
        this.state = useState({
            filters: {
                period: "quarter",
                team_id: false,
                user_id: false,
                deal_class_id: false,
                ...this.props.state?.filters,
            },
            data: null,
            editing: null,
        });
        useSetupAction({
            rootRef: useRef("root"),
            getLocalState: () => ({filters: {...this.state.filters}}),
        });
        onWillStart(() => this.load());
    }

    // === Reading === //

    async load() {
        const data = await this.orm.call("sales.process.health", "get_process_health", [], {
            ...this.state.filters,
            context: user.context,
        });
        this.state.data = data.is_empty ? {...data, ...SAMPLE} : data;
    }

    get isSample() {
        return this.state.data.is_empty;
    }

    get targetFigures() {
        return this.state.data.figures.filter((figure) => "wanted" in figure);
    }

    get otherFigures() {
        return this.state.data.figures.filter((figure) => !("wanted" in figure));
    }

    get charts() {
        return this.state.data.charts.filter((chart) => chart.bars.length);
    }

    get filterFields() {
        const {teams, people, classes} = this.state.data.choices;
        return [
            {name: "team_id", all: _t("All teams"), choices: teams},
            {name: "user_id", all: _t("Everybody"), choices: people},
            {name: "deal_class_id", all: _t("All classes"), choices: classes},
        ];
    }

    async onFilterChange(name, ev) {
        const value = ev.target.value;
        this.state.filters[name] = name === "period" ? value : Number(value) || false;
        await this.load();
    }

    // === Showing === //

    formatNumber(value) {
        return formatFloat(value, {digits: [16, Number.isInteger(value) ? 0 : 1]});
    }

    formatValue(figure) {
        if (figure.value === false) {
            return "–";
        }
        const number = this.formatNumber(figure.value);
        if (figure.code.endsWith("_rate")) {
            return _t("%(number)s %", {number});
        }
        return figure.code.endsWith("_hours") ? _t("%(number)s h", {number}) : number;
    }

    /** A label without the unit that stands with the value. */
    getTitle(figure) {
        return figure.label.replace(/\s*[(（][^)）]*[)）]$/, "");
    }

    getWanted(figure) {
        const number = this.formatNumber(figure.wanted);
        return HIGHER_IS_BETTER.has(figure.code)
            ? _t("wanted: over %(number)s %", {number})
            : _t("wanted: under %(number)s %", {number});
    }

    isGood(figure) {
        return HIGHER_IS_BETTER.has(figure.code) ? figure.value > figure.wanted : figure.value < figure.wanted;
    }

    getValueClass(figure) {
        if (figure.value === false) {
            return "text-muted";
        }
        return this.isGood(figure) ? "text-success" : "text-danger";
    }

    getTrend(figure) {
        if (figure.value === false || figure.previous === false) {
            return {icon: "", color: "text-muted", text: _t("nothing to compare with before")};
        }
        const change = figure.value - figure.previous;
        if (Math.abs(change) < 0.05) {
            return {icon: "fa fa-arrow-right", color: "text-muted", text: _t("as in the period before")};
        }
        const isBetter = change > 0 === HIGHER_IS_BETTER.has(figure.code);
        return {
            icon: change > 0 ? "fa fa-arrow-up" : "fa fa-arrow-down",
            color: isBetter ? "text-success" : "text-danger",
            text: _t("%(number)s % in the period before", {number: this.formatNumber(figure.previous)}),
        };
    }

    getPart(figure) {
        const [part, whole] = [figure.part, figure.whole].map((count) => this.formatNumber(count));
        switch (figure.code) {
            case "on_time_rate":
                return _t("%(part)s of %(whole)s to-dos", {part, whole});
            case "early_loss_rate":
                return _t("%(part)s of %(whole)s leads and deals", {part, whole});
            default:
                return _t("%(part)s of %(whole)s deals", {part, whole});
        }
    }

    getRepeat(figure) {
        return _t("Repeat orders: %(number)s % of %(whole)s", {
            number: this.formatNumber(figure.repeat),
            whole: this.formatNumber(figure.repeat_whole),
        });
    }

    getChartTitle(chart) {
        return CHARTS[chart.code];
    }

    getBarWidth(chart, bar) {
        return `${Math.max(2, (100 * bar.value) / chart.bars[0].value)}%`;
    }

    getBarText(chart, bar) {
        const value = this.formatNumber(bar.value);
        if (chart.code === "days_by_stage") {
            return _t("%(value)s d, nine of ten in %(most)s d", {value, most: this.formatNumber(bar.compared)});
        }
        return bar.compared ? _t("%(value)s of %(whole)s", {value, whole: this.formatNumber(bar.compared)}) : value;
    }

    getRowKind(row) {
        return row.direction === "back" ? _t("Went back") : _t("Skipped %(count)s", {count: row.skipped_count});
    }

    formatDay(row) {
        return formatDate(deserializeDateTime(row.moved_at));
    }

    // === Drilling === //

    openRecords(name, model, domain) {
        if (this.isSample) {
            return;
        }
        return this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: model,
            domain,
            views: VIEWS,
        });
    }

    openFigure(figure) {
        return this.openRecords(this.getTitle(figure), figure.model, figure.domain);
    }

    openBar(chart, bar) {
        return this.openRecords(`${this.getChartTitle(chart)}: ${bar.label}`, chart.model, bar.domain);
    }

    openRows() {
        return this.openRecords(_t("Skipped or Went Back"), "sales.stage.report", this.state.data.rows_domain);
    }

    openDeal(row) {
        if (this.isSample) {
            return;
        }
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "crm.lead",
            res_id: row.lead_id[0],
            views: [[false, "form"]],
        });
    }

    openBackToRequirements() {
        return this.action.doAction("sales_management.sales_stage_move_action_back_to_requirements");
    }

    // === Wanted values === //

    startEditing() {
        const [skip, onTime] = ["skip_rate", "on_time_rate"].map(
            (code) => this.state.data.figures.find((figure) => figure.code === code).wanted,
        );
        this.state.editing = {skip, onTime};
    }

    stopEditing() {
        this.state.editing = null;
    }

    async saveTargets() {
        const {skip, onTime} = this.state.editing;
        await this.orm.call("sales.process.health", "set_process_targets", [Number(skip), Number(onTime)]);
        this.state.editing = null;
        await this.load();
        this.notification.add(_t("The wanted values are set."), {type: "success"});
    }
}

registry.category("actions").add("sales_management.process_health", ProcessHealth);
