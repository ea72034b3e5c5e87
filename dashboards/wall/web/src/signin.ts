/** Signing in, and making this browser a wall screen by a code. */

import { type TemplateResult, html } from "lit";
import { type Me, Refused, remember, send } from "./api";
import { Screen } from "./page";
import { type Word, say } from "./texts";

/** Where each role works. */
const HOMES: Partial<Record<Me["role"], string>> = { screen: "/", viewer: "/", engineer: "/", leader: "/leader" };

export class SignIn extends Screen {
  readonly #enrols = location.pathname === "/enrol";
  #busy = false;
  #said: Word | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    // A code in the fragment, which no server and no log sees, is used at once and taken out of the address.
    const code = this.#enrols ? location.hash.slice(1) : "";
    if (code) {
      history.replaceState(null, "", location.pathname);
      void this.#try("screens", { code });
    }
  }

  override render(): TemplateResult {
    const { language } = this;
    return html`<main class="signin">
      ${this.languages()}
      <h1>${say(language, "centre")}</h1>
      <h2>${say(language, this.#enrols ? "enrol_title" : "sign_in_title")}</h2>
      <form @submit=${(event: SubmitEvent) => this.#submit(event)}>
        ${this.#enrols ? this.#field("code", "enrol_code", "off") : html`
          ${this.#field("name", "user_name", "username")} ${this.#field("password", "password", "current-password")}
        `}
        <button class="main" ?disabled=${this.#busy}>
          ${say(language, this.#busy ? "sending" : this.#enrols ? "enrol" : "sign_in")}
        </button>
        <p class="said" role="alert">${this.#said ? say(language, this.#said) : ""}</p>
      </form>
    </main>`;
  }

  #field(name: string, word: Word, fills: string): TemplateResult {
    const type = name === "password" ? "password" : "text";
    return html`<label>
      ${say(this.language, word)}
      <input name=${name} type=${type} autocomplete=${fills} autocapitalize="none" spellcheck="false" required />
    </label>`;
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    const said = Object.fromEntries(new FormData(event.target as HTMLFormElement));
    void this.#try(this.#enrols ? "screens" : "session", said);
  }

  async #try(path: string, said: unknown): Promise<void> {
    this.#busy = true;
    this.#said = null;
    this.requestUpdate();
    try {
      const me = remember(await send<Me>("POST", path, said));
      location.assign(this.#next() ?? HOMES[me.role] ?? "/desk");
    } catch (error) {
      this.#said = refusal(error instanceof Refused ? error.status : 0, this.#enrols);
      this.#busy = false;
      this.requestUpdate();
    }
  }

  /** Where one came from: a path of ours, and nothing else. */
  #next(): string | null {
    const next = new URLSearchParams(location.search).get("next");
    return next && /^\/(?![/\\])/.test(next) ? next : null;
  }
}

function refusal(status: number, enrols: boolean): Word {
  if (status === 401) return enrols ? "bad_code" : "bad_password";
  if (status === 429) return "too_many_attempts";
  return "no_answer";
}

customElements.define("ioc-signin", SignIn);
