/** The page: its head bar, its spaces side by side or one alone, and the cover over all that is old. */

import { LitElement, type TemplateResult, html } from "lit";
import { type Opened, detail } from "./detail";
import { age, parts } from "./format";
import { Live } from "./live";
import type { Alert, Space, Story } from "./model";
import { clock, spaceView } from "./space";
import { type Language, say } from "./texts";

/** Seconds of lost connection after which the screen is covered. */
const COVER_AFTER = 3;
const LANGUAGE = "ioc.language";

export class Wall extends LitElement {
  readonly live = new Live(() => this.requestUpdate());
  #language: Language = localStorage.getItem(LANGUAGE) === "en" ? "en" : "vi";
  #opened: Opened | null = null;
  #lostSince: number | null = null;

  override createRenderRoot(): this {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("hashchange", () => this.requestUpdate());
    window.addEventListener("keydown", (event) => event.key === "Escape" && this.#close());
    void this.live.start();
  }

  override render(): TemplateResult {
    document.documentElement.lang = this.#language;
    // The same place always the same thing.
    const spaces = [...this.live.spaces.values()].sort((a, b) => (a.info.space < b.info.space ? -1 : 1));
    const chosen = spaces.length === 1 ? spaces[0] : spaces.find((space) => space.info.space === this.#hash);
    const shown = chosen ? [chosen] : spaces;
    return html`
      ${this.#head(spaces, chosen)}
      <main class="count-${Math.min(shown.length, 9)} ${chosen ? "one" : "many"}">
        ${shown.map((space) =>
          spaceView(space, {
            language: this.#language,
            live: this.live,
            whole: chosen !== undefined,
            rows: chosen ? 6 : shown.length <= 3 ? 5 : 2,
            open: (of, alert) => void this.#open(of, alert),
          }),
        )}
        ${spaces.length === 0 ? html`<p class="filling">${this.#nothing()}</p>` : ""}
      </main>
      ${this.#opened ? detail(this.#opened, this.#language, () => this.#close()) : ""} ${this.#cover(spaces[0])}
    `;
  }

  get #hash(): string {
    return decodeURIComponent(location.hash.replace(/^#/, ""));
  }

  #head(spaces: Space[], chosen: Space | undefined): TemplateResult {
    const language = this.#language;
    return html`<header class="head ${this.live.lost ? "old" : ""}">
      <h1>${chosen ? chosen.info.name[language] : say(language, "centre")}</h1>
      ${chosen ? clock(chosen, language, this.live) : ""}
      ${spaces.length > 1
        ? html`<nav>
            ${["", ...spaces.map((space) => space.info.space)].map(
              (name) => html`<a href="#${name}" aria-current=${name === (chosen?.info.space ?? "")}>
                ${name || say(language, "all_spaces")}
              </a>`,
            )}
          </nav>`
        : ""}
      ${this.#connection(spaces[0])}
      <div class="languages">
        ${(["vi", "en"] as const).map(
          (one) => html`<button lang=${one} aria-pressed=${one === language} @click=${() => this.#speak(one)}>
            ${one.toUpperCase()}
          </button>`,
        )}
      </div>
    </header>`;
  }

  #connection(first: Space | undefined): TemplateResult {
    const language = this.#language;
    if (this.live.heard === null) return html`<p class="connection">${say(language, "connecting")}</p>`;
    const old = age(this.live.age, language);
    if (!this.live.lost) return html`<p class="connection live">${say(language, "live", { age: old })}</p>`;
    return html`<p class="connection lost">${say(language, "lost", { time: this.#heardAt(first), age: old })}</p>`;
  }

  /** A number that is old must not look alive: what was known is covered with how old it is. */
  #cover(first: Space | undefined): TemplateResult | string {
    const language = this.#language;
    const now = performance.now();
    this.#lostSince = this.live.lost ? (this.#lostSince ?? now) : null;
    if (this.#lostSince === null || now - this.#lostSince < COVER_AFTER * 1000) return "";
    return html`<div class="cover" role="alert">
      <h2>${say(language, "lost_title")}</h2>
      <p class="age">${say(language, "lost_age", { age: age(this.live.age, language) })}</p>
      <p>${say(language, "lost_time", { time: this.#heardAt(first) })}</p>
    </div>`;
  }

  #heardAt(first: Space | undefined): string {
    return parts(this.live.server, first?.info.timezone ?? "Asia/Ho_Chi_Minh").time;
  }

  #nothing(): string {
    return say(this.#language, this.live.answered ? "no_spaces" : "never");
  }

  #speak(language: Language): void {
    this.#language = language;
    localStorage.setItem(LANGUAGE, language);
    this.requestUpdate();
  }

  async #open(space: Space, alert: Alert): Promise<void> {
    const id = alert.alert_id;
    this.#opened = { space, id, story: null };
    this.requestUpdate();
    const path = `api/v1/alerts/${encodeURIComponent(id)}?space=${encodeURIComponent(space.info.space)}`;
    const story = await fetch(path)
      .then((answer) => (answer.ok ? (answer.json() as Promise<Story>) : undefined))
      .catch(() => undefined);
    if (this.#opened?.id === id) this.#opened = { space, id, story };
    this.requestUpdate();
  }

  #close(): void {
    this.#opened = null;
    this.requestUpdate();
  }
}

customElements.define("ioc-wall", Wall);
