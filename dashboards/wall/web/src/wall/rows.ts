/** The open alerts, those that need a person first; what has no room is counted, and the gravest always have room. */

import { type TemplateResult, html } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { age, count, moment } from "../format";
import type { Live } from "../live";
import { type Alert, SEVERITIES, type Space, attended, sourceStates } from "../model";
import { shape } from "../shapes";
import { type Language, named, say } from "../texts";

export interface View {
  readonly language: Language;
  readonly live: Live;
  /** The only space on the screen, with room for the map. */
  readonly whole: boolean;
  readonly rows: number;
  readonly open: (space: Space, alert: Alert) => void;
}

/** Rows that can be read at all, where more of the gravest are open than there is room for. */
const MOST = 16;

export function rows(space: Space, view: View): TemplateResult {
  const { language } = view;
  const all = space.ordered();
  if (all.length === 0) return calm(space, view);
  const gravest = all.filter((alert) => alert.severity === "extreme").length;
  const room = Math.max(view.rows, Math.min(gravest, MOST));
  const shown = all.slice(0, room);
  const rest = all.slice(room);
  return html`
    <ol class="alerts ${room > view.rows ? "dense" : ""}" aria-label=${say(language, "open_alerts")}>
      ${repeat(shown, (alert) => alert.alert_id, (alert) => row(space, alert, view))}
    </ol>
    ${rest.length > 0 ? more(space, rest, language) : ""}
  `;
}

function more(space: Space, rest: readonly Alert[], language: Language): TemplateResult {
  const number = count(rest.length, language);
  const told = space.cropped ? say(language, "at_least", { count: number }) : number;
  return html`<p class="more">
    ${say(language, "more_alerts", { count: told })}
    ${SEVERITIES.map((severity) => {
      const own = rest.filter((alert) => alert.severity === severity).length;
      return own > 0 ? html`<span class=${severity}>${shape(severity)} ${count(own, language)}</span>` : "";
    })}
  </p>`;
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
    class="alert ${alert.severity} ${attended(alert) ? "" : "alone"}"
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
      <span class="handling">${named(language, alert.handling)}</span>
    </div>
  </li>`;
}
