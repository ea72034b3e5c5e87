/** The wall: its head bar, its spaces side by side or one alone, and the cover over all that is old. */

import { type TemplateResult, html } from "lit";
import { type Me, ask, send, whoAmI } from "../api";
import { type Opened, detail } from "./detail";
import { connection, cover } from "../connection";
import { parts } from "../format";
import { Live } from "../live";
import { type Alert, type Space, type Story, attended } from "../model";
import { Screen } from "../page";
import { say } from "../texts";
import { Sound } from "./sound";
import { clock, spaceView } from "./space";

/** Minutes for which one press mutes. */
const MUTE = 15;

export class Wall extends Screen {
  readonly live = new Live(() => this.#heard());
  readonly sound = new Sound(() => this.requestUpdate());
  #me: Me | null = null;
  #opened: Opened | null = null;
  readonly #known = new Set<Space>();

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("hashchange", () => this.requestUpdate());
    window.addEventListener("keydown", (event) => event.key === "Escape" && this.#close());
    // Any hand on the screen lets a browser speak that was not allowed to by itself.
    window.addEventListener("pointerdown", () => this.sound.proved || void this.sound.prove());
    void this.sound.prove();
    void this.live.start();
    void whoAmI().then((me) => {
      this.#me = me;
      this.requestUpdate();
    }, () => undefined);
  }

  override render(): TemplateResult {
    // The same place always the same thing.
    const spaces = this.#spaces;
    const chosen = this.#chosen;
    const shown = chosen ? [chosen] : spaces;
    return html`
      ${this.#head(spaces, chosen)}
      <main class="count-${Math.min(shown.length, 9)} ${chosen ? "one" : "many"}">
        ${shown.map((space) =>
          spaceView(space, {
            language: this.language,
            live: this.live,
            whole: chosen !== undefined,
            rows: shown.length <= 3 ? 5 : 2,
            open: (of, alert) => void this.#open(of, alert),
          }),
        )}
        ${spaces.length === 0 ? html`<p class="filling">${this.#nothing()}</p>` : ""}
      </main>
      ${this.#opened ? detail(this.#opened, this.language, () => this.#close()) : ""} ${cover(this.live, this.language)}
    `;
  }

  get #spaces(): Space[] {
    return [...this.live.spaces.values()].sort((a, b) => (a.info.space < b.info.space ? -1 : 1));
  }

  get #chosen(): Space | undefined {
    const spaces = this.#spaces;
    const hash = decodeURIComponent(location.hash.replace(/^#/, ""));
    return spaces.length === 1 ? spaces[0] : spaces.find((space) => space.info.space === hash);
  }

  #heard(): void {
    for (const space of this.#spaces) this.#sounds(space);
    this.requestUpdate();
  }

  /** What is real and unanswered is heard; an exercise never sounds like the real thing. */
  #sounds(space: Space): void {
    if (space.words === null || space.words.mode === "exercise" || this.live.lost) return;
    const alone = [...space.alerts.values()].filter((alert) => !attended(alert));
    const now = performance.now();
    if (!this.#known.has(space) && space.alerts.size > 0) {
      this.#known.add(space);
      this.sound.know(space.info.space, alone, now);
    }
    this.sound.tell(space.info.space, alone, muted(space, this.live) !== null, now);
  }

  #head(spaces: Space[], chosen: Space | undefined): TemplateResult {
    const { language } = this;
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
      ${this.#soundState(chosen ?? spaces[0])} ${connection(this.live, language)}
      ${this.#me && this.#me.role !== "screen" ? html`<a class="away" href="/desk">${say(language, "to_desk")}</a>` : ""}
      ${this.languages()}
    </header>`;
  }

  /** Whether the wall can be heard; if not, nobody may think that silence means calm. */
  #soundState(space: Space | undefined): TemplateResult {
    const { language } = this;
    if (!this.sound.proved) {
      return html`<button class="sound off" @click=${() => void this.sound.prove()}>${say(language, "sound_off")}</button>`;
    }
    const mute = space ? muted(space, this.live) : null;
    if (space && mute) {
      const until = parts(mute.until, space.info.timezone).minute;
      return html`<button class="sound muted" ?disabled=${!this.#handles} @click=${() => void this.#mute(space, false)}>
        ${say(language, "muted", { who: mute.who, until })}
      </button>`;
    }
    return html`<span class="sound on">
      <button @click=${() => void this.sound.prove()}>${say(language, "sound_on")}</button>
      ${space && this.#handles
        ? html`<button @click=${() => void this.#mute(space, true)}>${say(language, "mute", { n: String(MUTE) })}</button>`
        : ""}
    </span>`;
  }

  get #handles(): boolean {
    return this.#me?.rights.includes("handle") ?? false;
  }

  /** The button shows what the server then says, not what was pressed. */
  async #mute(space: Space, on: boolean): Promise<void> {
    const path = `mute?space=${encodeURIComponent(space.info.space)}`;
    await (on ? send("PUT", path, { minutes: MUTE }) : send("DELETE", path)).catch(() => undefined);
  }

  #nothing(): string {
    return say(this.language, this.live.answered ? "no_spaces" : "never");
  }

  async #open(space: Space, alert: Alert): Promise<void> {
    const id = alert.alert_id;
    this.#opened = { space, id, story: null };
    this.requestUpdate();
    const story = await ask<Story>(`alerts/${id}`, { space: space.info.space }).catch(() => undefined);
    if (this.#opened?.id === id) this.#opened = { space, id, story };
    this.requestUpdate();
  }

  #close(): void {
    this.#opened = null;
    this.requestUpdate();
  }
}

/** Who muted a space, while it lasts by the server's clock. */
function muted(space: Space, live: Live): { who: string; until: number } | null {
  const mute = space.words?.mute ?? null;
  return mute && live.server + live.age < mute.until ? mute : null;
}

customElements.define("ioc-wall", Wall);
