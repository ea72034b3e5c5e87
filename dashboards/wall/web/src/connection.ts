/** Whether what is shown is alive: said in the head bar, and over everything once it is not. */

import { type TemplateResult, html } from "lit";
import { age, parts } from "./format";
import type { Live } from "./live";
import { type Language, say } from "./texts";

/** Seconds of lost connection after which the screen is covered. */
const COVER_AFTER = 3;
const ZONE = "Asia/Ho_Chi_Minh";
const lostSince = new WeakMap<Live, number>();

function heardAt(live: Live): string {
  const [first] = live.spaces.values();
  return parts(live.server, first?.info.timezone ?? ZONE).time;
}

export function connection(live: Live, language: Language): TemplateResult {
  if (live.heard === null) return html`<p class="connection">${say(language, "connecting")}</p>`;
  const old = age(live.age, language);
  if (!live.lost) return html`<p class="connection live">${say(language, "live", { age: old })}</p>`;
  return html`<p class="connection lost">${say(language, "lost", { time: heardAt(live), age: old })}</p>`;
}

/** A number that is old must not look alive: what was known is covered with how old it is. */
export function cover(live: Live, language: Language): TemplateResult | string {
  const now = performance.now();
  if (!live.lost) lostSince.delete(live);
  else if (!lostSince.has(live)) lostSince.set(live, now);
  const since = lostSince.get(live);
  if (since === undefined || now - since < COVER_AFTER * 1000) return "";
  return html`<div class="cover" role="alert">
    <h2>${say(language, "lost_title")}</h2>
    <p class="age">${say(language, "lost_age", { age: age(live.age, language) })}</p>
    <p>${say(language, "lost_time", { time: heardAt(live) })}</p>
  </div>`;
}
