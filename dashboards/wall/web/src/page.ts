/** What every screen shares: its language, and that it draws into the document itself. */

import { LitElement, type TemplateResult, html } from "lit";
import { send } from "./api";
import { type Language, say } from "./texts";

const LANGUAGE = "ioc.language";

export abstract class Screen extends LitElement {
  language: Language = localStorage.getItem(LANGUAGE) === "en" ? "en" : "vi";

  override createRenderRoot(): this {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.documentElement.lang = this.language;
  }

  /** The switch between the languages. */
  protected languages(): TemplateResult {
    return html`<div class="languages" role="group" aria-label=${say(this.language, "language")}>
      ${(["vi", "en"] as const).map(
        (one) => html`<button lang=${one} aria-pressed=${one === this.language} @click=${() => this.#speak(one)}>
          ${one.toUpperCase()}
        </button>`,
      )}
    </div>`;
  }

  #speak(language: Language): void {
    this.language = language;
    localStorage.setItem(LANGUAGE, language);
    document.documentElement.lang = language;
    this.requestUpdate();
  }

  protected async signOut(): Promise<void> {
    await send("DELETE", "session").catch(() => undefined);
    location.assign("/signin");
  }
}
