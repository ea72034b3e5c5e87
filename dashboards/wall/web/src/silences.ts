/** Silences and maintenance: what is kept back now, by whom, why and until when; to add one, and to end one. */

import { type TemplateResult, html } from "lit";
import { Refused, ask, send } from "./api";
import { Place } from "./desk/place";
import { stamp } from "./format";
import { type Alert, SEVERITIES, type Space, fromNow } from "./model";
import { shape } from "./shapes";
import { type Both, type Word, named, say } from "./texts";

interface Silence {
  readonly silence_id: string;
  readonly transition: string;
  readonly kind: "silenced" | "maintenance";
  readonly matchers: readonly { readonly field: MatchField; readonly values: readonly string[]; readonly negated?: boolean }[];
  readonly reason: string;
  readonly by: { readonly user: string; readonly name: string };
  readonly since: string;
  readonly until: string;
}

type MatchField = "subject" | "kind" | "commune" | "module" | "severity";

const FIELDS: Record<MatchField, Word> = {
  subject: "match_subject", kind: "match_kind", commune: "commune", module: "module", severity: "severity",
};
/** A thing may have parts: a station its quantities, a camera its zones. */
const PARTS = "/*";
/** Ended before its time. */
const ENDED = "Q2";
/** Milliseconds between two looks at what is set. */
const EVERY = 5_000;
/** Minutes that are offered. */
const SPANS = [30, 60, 120, 240, 480, 1440];

export class Silences extends Place {
  #all: readonly Silence[] | null = null;
  #asked = -Infinity;
  #said = "";
  #field: MatchField = "subject";
  #ending: string | null = null;

  protected override heard(): void {
    const { space } = this;
    if (space?.words?.complete && performance.now() - this.#asked > EVERY) void this.#ask(space);
    this.requestUpdate();
  }

  async #ask(space: Space): Promise<void> {
    this.#asked = performance.now();
    try {
      this.#all = await ask<Silence[]>("silences", { space: space.info.space });
    } catch {
      this.#said = say(this.language, "no_answer");
    }
    this.requestUpdate();
  }

  protected override body(space: Space): TemplateResult {
    const { language } = this;
    const now = space.now ?? 0;
    const at = (iso: string): number => Date.parse(iso) / 1000;
    const left = (this.#all ?? []).filter(({ until, transition }) => transition !== ENDED && at(until) > now);
    const [current, later] = [left.filter(({ since }) => at(since) <= now), left.filter(({ since }) => at(since) > now)];
    return html`<main class="silences">
      <h1>${say(language, "to_silences")}</h1>
      <p class="quietly">${say(language, "silence_means")}</p>
      <p class="said" role="alert">${this.#said}</p>
      ${this.#part("silences_now", current, space)} ${later.length > 0 ? this.#part("silences_later", later, space) : ""}
      ${this.may("silence") ? this.#form(space) : ""}
    </main>`;
  }

  #part(title: Word, silences: readonly Silence[], space: Space): TemplateResult {
    const { language } = this;
    const soonest = [...silences].sort((a, b) => (a.until < b.until ? -1 : 1));
    return html`<section>
      <h2>${say(language, title)} (${silences.length})</h2>
      ${soonest.length === 0 ? html`<p>${say(language, "none")}</p>` : ""}
      <ul>${soonest.map((one) => this.#one(one, space))}</ul>
    </section>`;
  }

  #one(one: Silence, space: Space): TemplateResult {
    const { language } = this;
    const zone = space.info.timezone;
    const hidden = [...space.alerts.values()].filter((alert) => alert.suppression?.some(({ ref }) => ref === one.silence_id));
    return html`<li class="silence" data-silence=${one.silence_id}>
      <p>
        <b>${named(language, one.kind)}</b>
        ${one.matchers.map(({ field, values, negated }) => html`<span class="matcher">
          ${say(language, FIELDS[field])} ${negated ? "≠" : "="} <b>${values.filter((value) => !value.endsWith(PARTS)).map((value) => this.#shown(field, value, space)).join(", ")}</b>
        </span>`)}
      </p>
      <p><q>${one.reason}</q> (${one.by.name || one.by.user})</p>
      <p class="quietly">${say(language, "since", { time: stamp(one.since, zone) })} <b>${say(language, "until", { time: stamp(one.until, zone) })}</b></p>
      ${hidden.length === 0 ? html`<p class="quietly">${say(language, "hides_nothing")}</p>` : html`<p>${say(language, "hides", { count: String(hidden.length) })}</p>
        <ul>${hidden.slice(0, 20).map((alert) => this.#hidden(alert, space))}</ul>`}
      ${this.may("silence") ? html`<button ?disabled=${this.#ending === one.silence_id} @click=${() => void this.#end(one, space)}>${say(language, "end_silence")}</button>` : ""}
    </li>`;
  }

  #hidden(alert: Alert, space: Space): TemplateResult {
    return html`<li><a href="/desk#${encodeURIComponent(space.info.space)}/${alert.alert_id}">
      ${shape(alert.severity)} ${alert.title[this.language]} <span class="place">${space.communeName(alert.commune)}</span> ${alert.summary[this.language]}
    </a></li>`;
  }

  /** A value in the words that people know it by. */
  #shown(field: MatchField, value: string, space: Space): string {
    return this.#choices(field, space).find(([known]) => known === value)?.[1] ?? value;
  }

  #choices(field: MatchField, space: Space): readonly (readonly [string, string])[] {
    const { language } = this;
    const { sources, kinds, communes, modules } = space.info;
    switch (field) {
      case "subject":
        return sources.map(({ id, name }) => [id, name] as const);
      case "kind":
        return kinds.map(({ id, title }) => [id, title[language]] as const);
      case "commune":
        return communes.map(({ code, name }) => [code, name] as const);
      case "module":
        return modules.map(({ id, title }) => [id, title[language]] as const);
      case "severity":
        return SEVERITIES.map((one) => [one, say(language, one)] as const);
    }
  }

  #form(space: Space): TemplateResult {
    const { language } = this;
    const choice = (name: string, title: Word, options: readonly (readonly [string, string])[], change?: (value: string) => void): TemplateResult =>
      html`<label><span>${say(language, title)}</span>
        <select name=${name} required @change=${(event: Event) => change?.((event.target as HTMLSelectElement).value)}>
          ${options.map(([value, shown]) => html`<option value=${value}>${shown}</option>`)}
        </select>
      </label>`;
    const fields = Object.entries(FIELDS).map(([field, word]) => [field, say(language, word)] as const);
    const spans = SPANS.map((n) => [String(n), n < 60 ? say(language, "minutes", { n: String(n) }) : say(language, "hours", { n: String(n / 60) })] as const);
    return html`<section><h2>${say(language, "add_silence")}</h2>
      <form class="write" @submit=${(event: SubmitEvent) => void this.#add(event, space)}>
        <div class="pair">
          ${choice("kind", "silence_kind", (["silenced", "maintenance"] as const).map((kind) => [kind, named(language, kind)]))}
          ${choice("field", "match_by", fields, (value) => {
            this.#field = value as MatchField;
            this.requestUpdate();
          })}
          ${choice("value", "match_value", this.#choices(this.#field, space))}
          ${choice("span", "until_when", spans)}
        </div>
        <label><span>${say(language, "reason")}</span><input name="reason" maxlength="500" required autocomplete="off" /></label>
        <p class="buttons"><button class="main">${say(language, "add_silence")}</button></p>
      </form>
    </section>`;
  }

  async #add(event: SubmitEvent, space: Space): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const said = Object.fromEntries(new FormData(form)) as Record<"kind" | "field" | "value" | "span" | "reason", string>;
    const ids = { command: crypto.randomUUID(), silence: crypto.randomUUID() };
    const values = said.field === "subject" ? [said.value, `${said.value}${PARTS}`] : [said.value];
    const order = { ...ids, ...fromNow(space, Number(said.span)), kind: said.kind, reason: said.reason, matchers: [{ field: said.field, values }] };
    if (!(await this.#send("silences", order, space))) return;
    form.reset();
    this.#field = "subject";
    this.requestUpdate();
  }

  async #end(one: Silence, space: Space): Promise<void> {
    this.#ending = one.silence_id;
    await this.#send(`silences/${encodeURIComponent(one.silence_id)}/end`, { command: crypto.randomUUID() }, space);
    this.#ending = null;
  }

  /** What the system answered is said; then what holds is asked for anew. */
  async #send(path: string, body: unknown, space: Space): Promise<boolean> {
    this.#said = say(this.language, "sending");
    this.requestUpdate();
    try {
      await send("POST", `${path}?space=${encodeURIComponent(space.info.space)}`, body);
      this.#said = "";
    } catch (error) {
      const { status, problem } = error instanceof Refused ? error : new Refused(0);
      const reason = (problem["reason"] as Both | undefined)?.[this.language];
      this.#said = reason ?? say(this.language, status === 403 ? "too_wide" : status === 0 || status === 503 ? "no_answer" : "not_done");
    }
    await this.#ask(space);
    return this.#said === "";
  }
}

customElements.define("ioc-silences", Silences);
