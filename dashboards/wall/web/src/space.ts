/** One space: its clock and mode, what needs action, where, and how fresh what is known is. */

import { type TemplateResult, html } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { age, count, moment, parts } from "./format";
import type { Live } from "./live";
import { map } from "./map";
import { type Alert, SEVERITIES, type Space, sourceStates, worst } from "./model";
import { shape } from "./shapes";
import { sources } from "./sources";
import { type Language, say } from "./texts";

export interface View {
  readonly language: Language;
  readonly live: Live;
  /** The only space on the screen, with room for the map. */
  readonly whole: boolean;
  readonly rows: number;
  readonly open: (space: Space, alert: Alert) => void;
}

/** Seconds for which a live space's time may stay behind, and any space's time may stand. */
const LATE = 60;

export function spaceView(space: Space, view: View): TemplateResult {
  const { language } = view;
  return html`
    <article class="space ${view.whole ? "whole" : "part"}" data-space=${space.info.space}>
      ${view.whole ? "" : head(space, view)} ${modeBar(space, language)} ${lateness(space, language, view.live)}
      ${space.words?.complete
        ? html`<div class="body">
            <div class="left">${tiles(space, language)} ${list(space, view)}</div>
            ${view.whole ? html`<div class="right">${modules(space, language)}${map(space, language)}</div>` : modules(space, language)}
          </div>
          ${sources(space, language, view.whole ? 6 : 3)}`
        : html`<p class="filling">${say(language, "filling")}</p>`}
    </article>
  `;
}

/** The space's own time and name, where it stands beside others. */
function head(space: Space, { language, live }: View): TemplateResult {
  return html`<header>
    <h2>${space.info.name[language]} <small>${space.info.space}</small></h2>
    ${clock(space, language, live)}
  </header>`;
}

/** A live space's clock runs with the server; a driven one shows its newest tick, and jumps with it. */
export function clock(space: Space, language: Language, live: Live): TemplateResult | string {
  const at = space.words?.mode === "wall" ? live.server + Math.min(live.age, 3600) : space.now;
  if (at === null || space.words === null) return "";
  const { time, date, weekday } = parts(at, space.info.timezone);
  return html`<div class="clock"><time class="time">${time}</time> <span>${say(language, weekday)} ${date}</span></div>`;
}

function modeBar(space: Space, language: Language): TemplateResult | string {
  const { mode, speed } = space.words ?? {};
  if (mode === "exercise") return html`<div class="mode exercise">${say(language, "exercise")}</div>`;
  if (mode !== "driven") return "";
  return html`<div class="mode driven"><span>${say(language, "driven")}${speed ? ` ×${count(speed, language)}` : ""}</span></div>`;
}

/** What is known may be old although the connection is good: a worker that stands still looks calm. */
function lateness(space: Space, language: Language, live: Live): TemplateResult | string {
  if (space.now === null || space.words === null || live.lost) return "";
  const at = parts(space.now, space.info.timezone);
  const fields = { time: `${at.time} ${at.date}` };
  if (space.words.mode === "wall") {
    return live.server - space.now > LATE ? html`<div class="late">${say(language, "data_late", fields)}</div>` : "";
  }
  const stands = performance.now() - space.moved > LATE * 1000;
  return stands ? html`<div class="stands">${say(language, "time_stands", fields)}</div>` : "";
}

function tiles(space: Space, language: Language): TemplateResult {
  const by = Map.groupBy(space.alerts.values(), (alert) => alert.severity);
  return html`<div class="tiles">
    ${SEVERITIES.map((severity) => {
      const number = by.get(severity)?.length ?? 0;
      return html`<div class="tile ${severity} ${number === 0 ? "zero" : ""}" data-severity=${severity}>
        ${shape(severity)}<b>${space.cropped ? "≥ " : ""}${count(number, language)}</b>
        <span>${say(language, severity)}</span>
      </div>`;
    })}
  </div>`;
}

function modules(space: Space, language: Language): TemplateResult {
  const by = Map.groupBy(space.alerts.values(), (alert) => alert.module);
  return html`<div class="modules" aria-label=${say(language, "by_module")}>
    ${space.info.modules.map(({ id, title }) => {
      const alerts = by.get(id) ?? [];
      const severity = worst(alerts);
      return html`<div class="module ${severity ?? "zero"}" data-module=${id}>
        ${severity ? shape(severity) : ""}<b>${count(alerts.length, language)}</b> <span>${title[language]}</span>
      </div>`;
    })}
  </div>`;
}

function list(space: Space, view: View): TemplateResult {
  const { language } = view;
  const all = space.ordered();
  if (all.length === 0) return calm(space, view);
  const shown = all.slice(0, view.rows);
  const rest = all.length - shown.length;
  const more = count(rest, language);
  const told = space.cropped ? say(language, "at_least", { count: more }) : more;
  return html`
    <ol class="alerts" aria-label=${say(language, "open_alerts")}>
      ${repeat(shown, (alert) => alert.alert_id, (alert) => row(space, alert, view))}
    </ol>
    ${rest > 0 ? html`<p class="more">${say(language, "more_alerts", { count: told })}</p>` : ""}
  `;
}

/** Silence is explained: nothing rings, and this many watch. */
function calm(space: Space, { language, live }: View): TemplateResult {
  const states = sourceStates(space);
  const sending = count(states.filter((state) => state.state === "sending").length, language);
  const checked = age(live.age, language);
  return html`<div class="calm">
    <b>${say(language, "no_alerts")}</b>
    <span>
      ${states.length > 0
        ? say(language, "no_alerts_checked", { sources: sending, age: checked })
        : say(language, "no_alerts_unwatched", { age: checked })}
    </span>
  </div>`;
}

function row(space: Space, alert: Alert, { language, open }: View): TemplateResult {
  const opened = Date.parse(alert.opened_at) / 1000;
  const since = moment(opened, space.now, space.info.timezone);
  const lasted = space.now === null ? "" : age(space.now - opened, language);
  const exercise = space.words?.mode === "exercise" ? html`<i>${say(language, "exercise_tag")}</i> ` : "";
  return html`<li
    class="alert ${alert.severity}"
    data-alert=${alert.alert_id}
    data-version=${alert.version}
    tabindex="0"
    @click=${() => open(space, alert)}
    @keydown=${(event: KeyboardEvent) => event.key === "Enter" && open(space, alert)}
  >
    <div class="severity">${shape(alert.severity)}<span>${say(language, alert.severity)}</span></div>
    <div class="what">
      <h3>${exercise}${alert.title[language]}<span class="place">${space.communeName(alert.commune)}</span></h3>
      <p>${alert.summary[language]}</p>
    </div>
    <div class="when">
      <b>${lasted}</b>
      <span>${say(language, "since", { time: since })}</span>
      <span class="handling">${say(language, "new")}</span>
    </div>
  </li>`;
}
