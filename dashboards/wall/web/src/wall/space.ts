/** One space: its clock and mode, what needs action, where, and how fresh what is known is. */

import { type TemplateResult, html } from "lit";
import { count, parts } from "../format";
import type { Live } from "../live";
import { SEVERITIES, type Space } from "../model";
import { shape } from "../shapes";
import { type Language, say } from "../texts";
import "./map";
import { type View, rows } from "./rows";
import { sources } from "./sources";
import { tiles } from "./tiles";

/** Seconds for which a live space's time may stay behind, and any space's time may stand. */
const LATE = 60;

export function spaceView(space: Space, view: View): TemplateResult {
  const { language } = view;
  return html`
    <article class="space ${view.whole ? "whole" : "part"}" data-space=${space.info.space}>
      ${view.whole ? "" : head(space, view)} ${modeBar(space, language)} ${lateness(space, language, view.live)}
      ${space.words?.complete
        ? html`<div class="body">
            <div class="left">${severities(space, language)} ${rows(space, view)}</div>
            ${view.whole ? html`<ioc-map class="right" .space=${space} .language=${language}></ioc-map>` : ""}
          </div>
          ${tiles(space, language)} ${sources(space, language, view.whole ? 6 : 3)}`
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

export function modeBar(space: Space, language: Language): TemplateResult | string {
  const { mode, speed } = space.words ?? {};
  if (mode === "exercise") return html`<div class="mode exercise">${say(language, "exercise")}</div>`;
  if (mode !== "driven") return "";
  return html`<div class="mode driven"><span>${say(language, "driven")}${speed ? ` ×${count(speed, language)}` : ""}</span></div>`;
}

/** What is known may be old although the connection is good: a worker that stands still looks calm. */
export function lateness(space: Space, language: Language, live: Live): TemplateResult | string {
  if (space.now === null || space.words === null || live.lost) return "";
  const at = parts(space.now, space.info.timezone);
  const fields = { time: `${at.time} ${at.date}` };
  if (space.words.mode === "wall") {
    return live.server - space.now > LATE ? html`<div class="late">${say(language, "data_late", fields)}</div>` : "";
  }
  const stands = performance.now() - space.moved > LATE * 1000;
  return stands ? html`<div class="stands">${say(language, "time_stands", fields)}</div>` : "";
}

function severities(space: Space, language: Language): TemplateResult {
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
