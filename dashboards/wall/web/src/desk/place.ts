/** What every screen of people shares: who is signed in, the space that is looked at, and the head bar. */

import { type TemplateResult, html } from "lit";
import { type Me, type Right, whoAmI } from "../api";
import { connection, cover } from "../connection";
import { Live } from "../live";
import type { Space } from "../model";
import { Screen } from "../page";
import { type Word, say } from "../texts";
import { clock, lateness, modeBar } from "../wall/space";

const LINKS: readonly (readonly [string, Word, Right])[] = [
  ["/", "to_wall", "read"],
  ["/desk", "to_desk", "read_people"],
  ["/leader", "to_leader", "audit"],
  ["/silences", "to_silences", "silence"],
  ["/targets", "to_targets", "read"],
  ["/handover", "to_handover", "hand_over"],
];

export abstract class Place extends Screen {
  readonly live = new Live(() => this.heard());
  protected me: Me | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("hashchange", () => this.heard());
    void this.live.start();
    void whoAmI().then((me) => {
      this.me = me;
      this.requestUpdate();
    }, () => undefined);
  }

  /** Something has changed, or may have. */
  protected heard(): void {
    this.requestUpdate();
  }

  protected may(right: Right): boolean {
    return this.me?.rights.includes(right) ?? false;
  }

  /** The space and the rest of the address: `#space/rest`. */
  protected get address(): readonly [string, string] {
    const [space = "", rest = ""] = decodeURIComponent(location.hash.slice(1)).split("/", 2);
    return [space, rest];
  }

  protected get space(): Space | undefined {
    const all = [...this.live.spaces.values()].sort((a, b) => (a.info.space < b.info.space ? -1 : 1));
    return all.find(({ info }) => info.space === this.address[0]) ?? all[0];
  }

  protected abstract body(space: Space, me: Me): TemplateResult;

  override render(): TemplateResult {
    const { language, me, space } = this;
    return html`
      <header class="head ${this.live.lost ? "old" : ""}">
        <h1>${space ? space.info.name[language] : say(language, "centre")}</h1>
        ${space ? clock(space, language, this.live) : ""}
        <nav>
          ${LINKS.filter(([, , right]) => this.may(right)).map(
            ([path, word]) => html`<a href="${path}#${encodeURIComponent(this.address[0])}" aria-current=${location.pathname === path}>${say(language, word)}</a>`,
          )}
        </nav>
        ${this.#spaces()} ${connection(this.live, language)}
        ${me ? html`<span class="me">${me.shown}, ${say(language, me.role)}</span>
          <button @click=${() => void this.signOut()}>${say(language, "sign_out")}</button>` : ""}
        ${this.languages()}
      </header>
      ${space ? html`${modeBar(space, language)} ${lateness(space, language, this.live)}` : ""}
      ${space && me && space.words?.complete
        ? this.body(space, me)
        : html`<p class="filling">${say(language, space?.words ? "filling" : "never")}</p>`}
      ${cover(this.live, language)}
    `;
  }

  #spaces(): TemplateResult | string {
    const names = [...this.live.spaces.keys()].sort();
    if (names.length < 2) return "";
    return html`<select
      aria-label=${say(this.language, "space")}
      @change=${(event: Event) => (location.hash = encodeURIComponent((event.target as HTMLSelectElement).value))}
    >
      ${names.map((name) => html`<option ?selected=${name === this.space?.info.space}>${name}</option>`)}
    </select>`;
  }
}
