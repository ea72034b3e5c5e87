/** The wall's voice. A browser may be mute until somebody clicks: sound is proved after each load, not assumed. */

import type { Severity } from "../model";

/** Tones (hertz) of each severity that is heard, and the seconds after which it is said again if nobody answers. */
const VOICES: Partial<Record<Severity, { readonly tones: readonly number[]; readonly again: number }>> = {
  extreme: { tones: [880, 660, 880, 660], again: 10 },
  severe: { tones: [660, 550], again: Infinity },
};
const TONE = 0.22;

interface Heard {
  readonly alert_id: string;
  readonly severity: Severity;
}

export class Sound {
  #context: AudioContext | null = null;
  /** Whether a tone was heard to move through the machine since this page was loaded. */
  proved = false;
  /** How often it has sounded. */
  sounded = 0;
  /** Alerts of each space that were sounded, and when last (milliseconds). */
  readonly #told = new Map<string, Map<string, number>>();

  constructor(private readonly changed: () => void) {}

  /** Play a tone, and see whether the machine's audio clock moved: a blocked or missing output stands still. */
  async prove(): Promise<void> {
    const context = (this.#context ??= new AudioContext());
    void context.resume();
    const before = context.currentTime;
    this.#play([880]);
    await new Promise((done) => setTimeout(done, 400));
    this.proved = context.state === "running" && context.currentTime > before;
    this.changed();
  }

  /** Sound what nobody in a space has answered; each once, the gravest again and again. */
  tell(space: string, unanswered: readonly Heard[], muted: boolean, now: number): void {
    const told = this.#of(space);
    const ids = new Set(unanswered.map((alert) => alert.alert_id));
    for (const id of told.keys()) if (!ids.has(id)) told.delete(id);
    // What rings while it is muted, or before sound is proved, is sounded then.
    if (muted || !this.proved) return;
    const due = unanswered.filter(({ alert_id, severity }) => {
      const voice = VOICES[severity];
      return voice !== undefined && now - (told.get(alert_id) ?? -Infinity) >= voice.again * 1000;
    });
    if (due.length === 0) return;
    for (const { alert_id } of due) told.set(alert_id, now);
    this.sounded += 1;
    this.#play(VOICES[due.some(({ severity }) => severity === "extreme") ? "extreme" : "severe"]?.tones ?? []);
  }

  /** What was open when the page was loaded is known, unless it is of the gravest. */
  know(space: string, alerts: readonly Heard[], now: number): void {
    for (const { alert_id, severity } of alerts) if (severity !== "extreme") this.#of(space).set(alert_id, now);
  }

  #of(space: string): Map<string, number> {
    let told = this.#told.get(space);
    if (told === undefined) this.#told.set(space, (told = new Map()));
    return told;
  }

  #play(tones: readonly number[]): void {
    const context = this.#context;
    if (!context) return;
    tones.forEach((hertz, n) => {
      const tone = new OscillatorNode(context, { frequency: hertz, type: "square" });
      const gain = new GainNode(context, { gain: 0.15 });
      const begin = context.currentTime + n * TONE;
      tone.connect(gain).connect(context.destination);
      tone.start(begin);
      tone.stop(begin + TONE * 0.9);
    });
  }
}
