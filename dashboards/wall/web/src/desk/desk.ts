/** The desk: the list, one alert, and what to do about it. An agency's desk is the same, with its own alerts only. */

import { type TemplateResult, html } from "lit";
import { type Me, Refused, ask, send } from "../api";
import { count } from "../format";
import { type Alert, type Directive, type Space, type Story, byUrgency, fromNow } from "../model";
import { say } from "../texts";
import { ACTIONS, type Action, type Field } from "./actions";
import { alertView } from "./alert";
import "./call";
import { type Filters, NO_FILTERS, filterBar, filtered, matches } from "./filters";
import { type Filled, orderForm } from "./form";
import "./list";
import { Orders } from "./orders";
import { Place } from "./place";

/** Milliseconds after buttons changed places in which a press is taken for one that was meant for another. */
const SETTLES = 300;
const CARRY: Action = { title: "carry", fields: ["text"], needs: ["text"] };

export class Desk extends Place {
  readonly orders = new Orders(() => this.#answered());
  #filters: Filters = NO_FILTERS;
  #story: Story | null = null;
  #form: string | null = null;
  /** What the form has chosen already. */
  #preset: Partial<Record<Field, string>> = {};
  #calling = false;
  #told: "silence_set" | "no_answer" | null = null;
  /** Alerts that were opened here and the room was told so. */
  readonly #opened = new Set<string>();
  /** An alert that the server does not show us. */
  #absent: string | null = null;
  #found: readonly Alert[] | null = null;
  #directives: readonly Directive[] = [];
  #carried: Directive | null = null;
  /** The alert's version that the person saw when the order was begun. */
  #seen = 0;
  /** When the buttons last changed places. */
  #moved = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("keydown", (event) => this.#key(event));
  }

  protected override heard(): void {
    const space = this.space;
    const id = this.address[1];
    const now = space?.alerts.get(id);
    const known = this.#story?.alert.alert_id === id ? this.#story.alert.version : 0;
    // One that is not ours to see is not asked for again and again, but once it comes to us.
    if (space && id && (now ? now.version > known : known === 0 && this.#absent !== id)) void this.#open(space, id);
    this.requestUpdate();
  }

  protected override body(space: Space, me: Me): TemplateResult {
    const { language } = this;
    const all = this.#found ?? [...space.alerts.values()];
    const shown = all.filter((alert) => matches(alert, this.#filters, space)).sort(byUrgency);
    const id = this.address[1];
    const story = this.#story?.alert.alert_id === id ? this.#story : null;
    return html`
      ${filtered(this.#filters) ? this.#narrowed(shown.length, all.length) : ""}
      ${this.orders.waiting > 0
        ? html`<p class="late" role="alert">${say(language, "waiting", { count: count(this.orders.waiting, language) })}</p>`
        : ""}
      <main class="desk ${story ? "opened" : ""}">
        <section class="listing">
          ${filterBar(this.#filters, space, language, (changed) => this.#filter(changed))}
          <p class="counted">
            ${say(language, "count_shown", { count: count(shown.length, language) })}
            <button ?disabled=${this.#filters.words === ""} @click=${() => void this.#search(space)}>${say(language, "search_closed")}</button>
            ${me.rights.includes("handle") ? html`<button @click=${() => this.#log()}>${say(language, "log_call")}</button>` : ""}
            ${this.#told ? html`<span role="status">${say(language, this.#told)}</span>` : ""}
          </p>
          <ioc-alert-list
            .space=${space} .alerts=${shown} .chosen=${id} .language=${language} .own=${me.agency}
            @choose=${(event: CustomEvent<string>) => this.#go(space, event.detail)}
          ></ioc-alert-list>
        </section>
        <section class="chosen" aria-live="polite">
          ${story
            ? html`<button class="back" @click=${() => this.#go(space, "")}>${say(language, "back")}</button>
                ${alertView({
                  space, story, language,
                  outcome: this.orders.outcomes.get(id),
                  act: (name) => performance.now() - this.#moved > SETTLES && this.#act(name),
                  directives: this.#directives.filter(({ alert }) => alert === id),
                  ring: story.actions.includes("log_call") ? (agency, role, outcome) => this.#ring(agency, role, outcome) : undefined,
                  carry: this.may("handle") || this.may("answer") ? (one) => this.#carry(one) : undefined,
                })}`
            : html`<p class="filling">${say(language, "choose")}</p>`}
        </section>
      </main>
      ${story && this.#form && ACTIONS[this.#form]
        ? orderForm(ACTIONS[this.#form]!, story.alert, space, language, (fields) => this.#order(fields), () => this.#close(), this.#preset)
        : ""}
      ${story && this.#carried ? orderForm(CARRY, story.alert, space, language, (fields) => void this.#report(fields), () => this.#close()) : ""}
      ${this.#calling
        ? html`<ioc-call .space=${space} .language=${language} @close=${() => this.#close()}
            @logged=${(event: CustomEvent<string>) => (this.#close(), this.#go(space, event.detail))}></ioc-call>`
        : ""}
    `;
  }

  /** A filter that the shift before left behind hides alerts: it is said, and taken off with one press. */
  #narrowed(shown: number, all: number): TemplateResult {
    const { language } = this;
    const fields = { shown: count(shown, language), all: count(all, language) };
    return html`<p class="late">
      ${say(language, "narrowed", fields)}
      <button @click=${() => this.#filter(NO_FILTERS)}>${say(language, "all_again")}</button>
    </p>`;
  }

  #filter(changed: Partial<Filters>): void {
    this.#filters = { ...this.#filters, ...changed };
    if (!this.#filters.words) this.#found = null;
    this.requestUpdate();
  }

  /** Among those that are over too: the server looks. */
  async #search(space: Space): Promise<void> {
    const query = { space: space.info.space, state: "all", q: this.#filters.words, limit: "200" };
    this.#found = (await ask<{ alerts: Alert[] }>("alerts", query).catch(() => null))?.alerts ?? null;
    this.requestUpdate();
  }

  #go(space: Space, id: string): void {
    location.hash = `${encodeURIComponent(space.info.space)}/${id}`;
  }

  async #open(space: Space, id: string): Promise<void> {
    // A server that is away takes nothing off the screen; an alert that is not ours to see is none.
    const story = await ask<Story>(`alerts/${encodeURIComponent(id)}`, { space: space.info.space }).catch(
      (error: unknown) => (error instanceof Refused && error.status === 404 ? null : undefined),
    );
    if (this.address[1] !== id || story === undefined) return;
    this.#absent = story === null ? id : null;
    if (story?.actions.includes("seen") && !story.alert.owner?.seen_at) this.#saw(space, story.alert);
    if (story?.actions.join() !== this.#story?.actions.join()) this.#moved = performance.now();
    this.#story = story;
    this.#directives = await ask<Directive[]>("directives", { space: space.info.space }).catch(() => this.#directives);
    this.requestUpdate();
  }

  /** Somebody at the agency has opened it: the room is told so, once. */
  #saw(space: Space, alert: Alert): void {
    if (this.#opened.has(alert.alert_id)) return;
    this.#opened.add(alert.alert_id);
    const said = { action: "seen", version: alert.version, command: crypto.randomUUID() };
    const path = `alerts/${alert.alert_id}/commands?space=${encodeURIComponent(space.info.space)}`;
    void send("POST", path, said).catch(() => undefined);
  }

  #answered(): void {
    const space = this.space;
    if (space && this.address[1]) void this.#open(space, this.address[1]);
    this.requestUpdate();
  }

  #act(name: string): void {
    this.#seen = this.#story?.alert.version ?? 0;
    this.#preset = this.#presets(name);
    if (ACTIONS[name]?.atOnce) this.#give(name, {});
    else this.#form = name;
    this.requestUpdate();
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(".order select, .order textarea")?.focus());
  }

  #presets(name: string): Partial<Record<Field, string>> {
    const alert = this.#story?.alert;
    if (name === "coordinate") return { agencies: alert?.coordinating?.join(" ") ?? "" };
    return name === "log_call" ? { agency: alert?.owner?.agency ?? "", role: "duty" } : {};
  }

  /** What came of a call is logged at once; when to ring again is asked for. */
  #ring(agency: string, role: string, called: string): void {
    if (performance.now() - this.#moved <= SETTLES) return;
    this.#act("log_call");
    this.#preset = { agency, role, called, again_at: "10" };
    if (called === "call_later") return;
    this.#form = null;
    this.#give("log_call", { agency, role, outcome: called });
  }

  #order(fields: Filled): void {
    if (this.#form === "silence") void this.#silence(fields);
    else if (this.#form) this.#give(this.#form, fields);
    this.#close();
  }

  #give(name: string, fields: Filled): void {
    const alert = this.#story?.alert;
    if (!alert || !this.space) return;
    const action = ACTIONS[name]?.as ?? name;
    void this.orders.give(this.space.info.space, alert.alert_id, { action, version: this.#seen, ...fields });
  }

  /** Keep back notices of this kind about this thing. */
  async #silence(fields: Filled): Promise<void> {
    const alert = this.#story?.alert;
    if (!alert || !this.space) return;
    const matchers = [{ field: "kind", values: [alert.kind] }, { field: "subject", values: [alert.subject] }];
    const { since } = fromNow(this.space, 0);
    const said = { command: crypto.randomUUID(), silence: crypto.randomUUID(), matchers, since, ...fields };
    const path = `silences?space=${encodeURIComponent(this.space.info.space)}`;
    this.#told = await send("POST", path, said).then(() => "silence_set" as const, () => "no_answer" as const);
    this.requestUpdate();
  }

  #carry(directive: Directive): void {
    this.#carried = directive;
    this.requestUpdate();
  }

  async #report(fields: Filled): Promise<void> {
    const { space } = this;
    if (!space || !this.#carried) return;
    const path = `directives/${this.#carried.id}/done?space=${encodeURIComponent(space.info.space)}`;
    this.#told = await send("POST", path, { result: fields["text"] }).then(() => null, () => "no_answer" as const);
    this.#close();
    this.#answered();
  }

  #log(): void {
    this.#told = null;
    this.#calling = true;
    this.requestUpdate();
  }

  #close(): void {
    this.#form = this.#carried = null;
    this.#calling = false;
    this.requestUpdate();
  }

  /** Function keys and Ctrl+K only: Vietnamese keyboards eat single letters. */
  #key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (event.ctrlKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      this.querySelector<HTMLElement>("#search")?.focus();
      return;
    }
    const [name] = Object.entries(ACTIONS).find(([, { key }]) => key === event.key) ?? [];
    if (!name || !this.#story?.actions.includes(ACTIONS[name]?.as ?? name) || this.#form || this.#calling) return;
    event.preventDefault();
    this.#act(name);
  }
}

customElements.define("ioc-desk", Desk);
