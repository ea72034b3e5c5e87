/** The list of alerts: only the rows that are seen are drawn, so that thousands do not slow a hand down. */

import { LitElement, type TemplateResult, html } from "lit";
import { age, count } from "../format";
import { type Alert, type Space, attended, nextClock } from "../model";
import { shape } from "../shapes";
import { type Language, named, say } from "../texts";

/** Rows drawn above and below those that are seen. */
const SPARE = 6;

export class AlertList extends LitElement {
  static override properties = {
    space: { attribute: false },
    alerts: { attribute: false, hasChanged: () => true },
    chosen: { attribute: false },
    language: { attribute: false },
    own: { attribute: false },
  };
  declare space: Space;
  declare alerts: readonly Alert[];
  declare chosen: string | null;
  declare language: Language;
  /** The agency whose list this is, if it is one's. */
  declare own: string | null;
  #top = 0;
  #height = 600;
  /** While a hand is on the list, rows keep their places. */
  #held = false;
  #order: readonly string[] = [];
  #resized = new ResizeObserver(() => this.#measure());

  override createRenderRoot(): this {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized.observe(this);
    this.addEventListener("scroll", () => this.#measure(), { passive: true });
    this.addEventListener("pointerenter", () => (this.#held = true));
    this.addEventListener("pointerleave", () => this.#let());
    this.addEventListener("keydown", (event) => this.#key(event));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
  }

  /** Rows in the order in which they are shown; and how many are new since a hand came. */
  #rows(): { rows: Alert[]; fresh: number } {
    const by = new Map(this.alerts.map((alert) => [alert.alert_id, alert]));
    if (!this.#held) {
      this.#order = [...by.keys()];
      return { rows: [...this.alerts], fresh: 0 };
    }
    const kept = this.#order.flatMap((id) => by.get(id) ?? []);
    const known = new Set(this.#order);
    const fresh = this.alerts.filter((alert) => !known.has(alert.alert_id));
    // The gravest never wait for a hand to leave.
    const grave = fresh.filter((alert) => alert.severity === "extreme");
    return { rows: [...grave, ...kept], fresh: fresh.length - grave.length };
  }

  override render(): TemplateResult {
    const { rows, fresh } = this.#rows();
    const height = this.#row;
    const from = Math.max(0, Math.floor(this.#top / height) - SPARE);
    const seen = rows.slice(from, from + Math.ceil(this.#height / height) + 2 * SPARE);
    return html`
      ${fresh > 0
        ? html`<button class="fresh" @click=${() => this.#let()}>
            ${say(this.language, "fresh", { count: count(fresh, this.language) })}
          </button>`
        : ""}
      <svg class="space-before" width="1" height=${from * height} aria-hidden="true"></svg>
      <div role="listbox" tabindex="0" aria-label=${say(this.language, "open_alerts")} aria-activedescendant=${this.chosen ?? ""}>
        ${seen.map((alert, n) => this.#one(alert, from + n, rows.length))}
      </div>
      <svg class="space-after" width="1" height=${Math.max(0, (rows.length - from - seen.length) * height)} aria-hidden="true"></svg>
    `;
  }

  #one(alert: Alert, n: number, all: number): TemplateResult {
    const { language, space } = this;
    const opened = Date.parse(alert.opened_at) / 1000;
    const clock = nextClock(alert);
    return html`<div
      class="item ${alert.severity} ${attended(alert) ? "" : "alone"}"
      id=${alert.alert_id}
      role="option"
      aria-selected=${alert.alert_id === this.chosen}
      aria-posinset=${n + 1}
      aria-setsize=${all}
      @click=${() => this.#choose(alert.alert_id)}
    >
      ${shape(alert.severity)}
      <div>
        <b>${alert.title[language]}</b> <span class="place">${space.communeName(alert.commune)}</span>
        <p>${alert.summary[language]}</p>
      </div>
      <div class="when">
        <span>${space.now === null ? "" : age(space.now - opened, language)}</span>
        <span class="handling">${named(language, alert.handling)}</span>
        ${this.own && alert.owner?.agency !== this.own ? html`<span>${say(language, "coordinating")}</span>` : ""}
        ${clock?.late ? html`<span class="overdue">${say(language, "overdue")}</span>` : ""}
      </div>
    </div>`;
  }

  /** A row's height in pixels: 4.6 of the page's own units. */
  get #row(): number {
    return Math.round(4.6 * parseFloat(getComputedStyle(document.documentElement).fontSize));
  }

  #measure(): void {
    this.#top = this.scrollTop;
    this.#height = this.clientHeight;
    this.requestUpdate();
  }

  #let(): void {
    this.#held = false;
    this.requestUpdate();
  }

  #choose(id: string): void {
    this.dispatchEvent(new CustomEvent("choose", { detail: id, bubbles: true }));
  }

  #key(event: KeyboardEvent): void {
    if (event.isComposing || !["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
    event.preventDefault();
    const { rows } = this.#rows();
    const at = rows.findIndex((alert) => alert.alert_id === this.chosen);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key] ?? 0;
    const next = rows[Math.min(rows.length - 1, Math.max(0, to))];
    if (!next) return;
    this.#choose(next.alert_id);
    const row = this.#row;
    const place = rows.indexOf(next) * row;
    if (place < this.scrollTop || place + row > this.scrollTop + this.clientHeight) this.scrollTop = place - row;
  }
}

customElements.define("ioc-alert-list", AlertList);
