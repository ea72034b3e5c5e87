/** The leader's page, made for a telephone: what burns now, who is late, what has changed since yesterday. */

import { type TemplateResult, html } from "lit";
import { Refused, ask, send } from "./api";
import { Place } from "./desk/place";
import { count, stamp } from "./format";
import type { Alert, Directive, Space } from "./model";
import { shape } from "./shapes";
import { named, say } from "./texts";

interface Briefing {
  readonly at: string;
  readonly burning: readonly Alert[];
  readonly late: readonly { readonly agency: string | null; readonly alerts: number; readonly oldest: string }[];
  readonly opened: number;
  readonly opened_before: number;
  readonly closed: number;
  readonly still_open: number;
  readonly communes: readonly (readonly [string, number])[];
}

const EVERY = 30_000;
/** Hours that are offered for a directive. */
const HOURS = [1, 2, 4, 8, 24, 72];

export class Leader extends Place {
  #briefing: Briefing | null = null;
  #directives: readonly Directive[] = [];
  #asked = -Infinity;
  #about: Alert | null = null;
  #said: string | null = null;

  protected override heard(): void {
    const space = this.space;
    if (space?.words?.complete && performance.now() - this.#asked > EVERY) void this.#ask(space);
    this.requestUpdate();
  }

  async #ask(space: Space): Promise<void> {
    this.#asked = performance.now();
    const query = { space: space.info.space };
    try {
      this.#briefing = await ask<Briefing>("briefing", query);
      this.#directives = await ask<Directive[]>("directives", query);
    } catch {
      this.#asked = performance.now() - EVERY + 3_000;
    }
    this.requestUpdate();
  }

  protected override body(space: Space): TemplateResult {
    const { language } = this;
    const brief = this.#briefing;
    if (!brief) return html`<p class="filling">${say(language, "connecting")}</p>`;
    const zone = space.info.timezone;
    const at = stamp(brief.at, zone);
    return html`<main class="leader">
      <p class="quietly">${say(language, "as_of", { time: at })}</p>
      <section>
        <h2>${say(language, "burning")} <b>${count(brief.burning.length, language)}</b></h2>
        ${brief.burning.length === 0 ? html`<p>${say(language, "none_grave")}</p>` : ""}
        <ul>${brief.burning.map((alert) => this.#burning(alert, space))}</ul>
      </section>
      <section>
        <h2>${say(language, "who_is_late")}</h2>
        ${brief.late.length === 0 ? html`<p>${say(language, "nobody_late")}</p>` : ""}
        <ul>
          ${brief.late.map(({ agency, alerts, oldest }) => html`<li class="late-one">
            <b>${agency ? space.agencyName(agency, language) : say(language, "room")}</b>
            <span>${say(language, "late_alerts", { count: count(alerts, language), time: stamp(oldest, zone) })}</span>
          </li>`)}
        </ul>
      </section>
      <section>
        <h2>${say(language, "since_yesterday")}</h2>
        <dl>
          <dt>${say(language, "opened_day")}</dt>
          <dd>${count(brief.opened, language)} <small>${say(language, "day_before", { count: count(brief.opened_before, language) })}</small></dd>
          <dt>${say(language, "closed_day")}</dt><dd>${count(brief.closed, language)}</dd>
          <dt>${say(language, "still_open")}</dt><dd>${count(brief.still_open, language)}</dd>
        </dl>
        <ol class="ranking">
          ${brief.communes.map(([code, alerts]) => html`<li>${space.communeName(code)} <b>${count(alerts, language)}</b></li>`)}
        </ol>
      </section>
      <section>
        <h2>${say(language, "directives")}</h2>
        ${this.#directives.length === 0 ? html`<p>${say(language, "no_directives")}</p>` : ""}
        <ul>${this.#directives.map((one) => this.#directive(one, space))}</ul>
      </section>
      ${this.#about ? this.#form(this.#about, space) : ""}
    </main>`;
  }

  #burning(alert: Alert, space: Space): TemplateResult {
    const { language } = this;
    return html`<li class="burning ${alert.severity}">
      <h3>${shape(alert.severity)} ${alert.title[language]} <span class="place">${space.communeName(alert.commune)}</span></h3>
      <p>${alert.summary[language]}</p>
      <p class="quietly">
        ${say(language, alert.severity)}, ${named(language, alert.handling)}${alert.owner ? html`: ${space.agencyName(alert.owner.agency, language)}` : ""}
      </p>
      ${this.may("direct")
        ? html`<button @click=${() => this.#direct(alert)}>${say(language, "direct")}</button>`
        : ""}
    </li>`;
  }

  #directive(one: Directive, space: Space): TemplateResult {
    const { language } = this;
    const zone = space.info.timezone;
    const at = (seconds: number): string => stamp(new Date(seconds * 1000).toISOString(), zone);
    const late = one.done === null && this.live.server + this.live.age > one.due;
    const state = one.done !== null
      ? say(language, one.done > one.due ? "done_late" : "done_in_time", { time: at(one.done) })
      : say(language, late ? "not_done_late" : "not_done_yet", { time: at(one.due) });
    return html`<li class=${late ? "late-one" : ""}>
      <q>${one.text}</q> <b>${state}</b> ${one.result ? html`<q>${one.result}</q>` : ""} <span class="quietly">${one.who}</span>
    </li>`;
  }

  #form(alert: Alert, space: Space): TemplateResult {
    const { language } = this;
    return html`<div class="over">
      <form class="order" role="dialog" aria-modal="true" aria-label=${say(language, "direct")}
        @submit=${(event: SubmitEvent) => void this.#send(event, alert, space)}>
        <h2>${say(language, "direct")}</h2>
        <p>${alert.title[language]} <span class="place">${space.communeName(alert.commune)}</span></p>
        <label><span>${say(language, "directive_text")}</span><textarea name="text" rows="3" maxlength="2000" required></textarea></label>
        <label><span>${say(language, "due_within")}</span>
          <select name="hours">${HOURS.map((n) => html`<option value=${n}>${say(language, "hours", { n: String(n) })}</option>`)}</select>
        </label>
        <p class="said" role="alert">${this.#said ?? ""}</p>
        <div class="buttons">
          <button class="main">${say(language, "direct")}</button>
          <button type="button" @click=${() => this.#close()}>${say(language, "cancel")}</button>
        </div>
      </form>
    </div>`;
  }

  #direct(alert: Alert): void {
    this.#about = alert;
    this.requestUpdate();
  }

  async #send(event: SubmitEvent, alert: Alert, space: Space): Promise<void> {
    event.preventDefault();
    const filled = new FormData(event.target as HTMLFormElement);
    const due = new Date((this.live.server + this.live.age + Number(filled.get("hours")) * 3600) * 1000).toISOString();
    const path = `directives?space=${encodeURIComponent(space.info.space)}`;
    try {
      await send("POST", path, { alert_id: alert.alert_id, text: filled.get("text"), due });
      this.#close();
      await this.#ask(space);
    } catch (error) {
      this.#said = say(this.language, error instanceof Refused && error.status ? "not_done" : "no_answer");
      this.requestUpdate();
    }
  }

  #close(): void {
    this.#about = this.#said = null;
    this.requestUpdate();
  }
}

customElements.define("ioc-leader", Leader);
