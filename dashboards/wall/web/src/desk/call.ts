/** Logging a call: most true news comes by telephone, and becomes an alert like any other. */

import { type TemplateResult, html } from "lit";
import { send } from "../api";
import { SEVERITIES, type Space } from "../model";
import { type Language, say } from "../texts";

export function callForm(space: Space, language: Language, call: string, done: (ok: boolean) => void, close: () => void): TemplateResult {
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const filled = Object.fromEntries([...new FormData(event.target as HTMLFormElement)].filter(([, value]) => value !== ""));
    const path = `calls?space=${encodeURIComponent(space.info.space)}`;
    await send("POST", path, { call, ...filled }).then(() => done(true), () => done(false));
  };
  return html`<div class="over">
    <form class="order" role="dialog" aria-modal="true" aria-label=${say(language, "log_call")}
      @submit=${(event: SubmitEvent) => void submit(event)}
      @keydown=${(event: KeyboardEvent) => event.key === "Escape" && close()}>
      <h2>${say(language, "log_call")}</h2>
      <label><span>${say(language, "call_what")}</span>
        <select name="kind" required>${space.info.calls.map(({ id, title }) => html`<option value=${id}>${title[language]}</option>`)}</select>
      </label>
      <label><span>${say(language, "severity")}</span>
        <select name="severity" required>
          ${SEVERITIES.map((one) => html`<option value=${one} ?selected=${one === "severe"}>${say(language, one)}</option>`)}
        </select>
      </label>
      <label><span>${say(language, "commune")}</span>
        <select name="commune">
          <option value=""></option>
          ${space.info.communes.map(({ code, name }) => html`<option value=${code}>${name}</option>`)}
        </select>
      </label>
      <label><span>${say(language, "caller")}</span><input name="caller" maxlength="120" /></label>
      <label><span>${say(language, "call_text")}</span><textarea name="text" rows="4" maxlength="1500" required></textarea></label>
      <div class="buttons">
        <button class="main">${say(language, "log_call")}</button>
        <button type="button" @click=${close}>${say(language, "cancel")}</button>
      </div>
    </form>
  </div>`;
}
