/** What can be ordered of an alert: which fields each order asks for, and on which key it lies. */

import type { Word } from "../texts";

/** `until`, `due_at` and `again_at` are times to come, `text` and `reason` are written; the rest is chosen, `agencies` several. */
export type Field =
  | "duplicate_of" | "text" | "reason" | "agency" | "agencies" | "role" | "cause" | "outcome" | "called" | "granted" | "clock"
  | "until" | "due_at" | "again_at";

export interface Action {
  readonly title: Word;
  readonly fields: readonly Field[];
  /** Must be filled. */
  readonly needs: readonly Field[];
  /** A function key that browsers leave free: Vietnamese keyboards eat single letters. */
  readonly key?: string;
  /** Done at a press, without a form. */
  readonly atOnce?: boolean;
  /** The order that it is sent as, if its own name is none of the server's. */
  readonly as?: string;
}

export const ACTIONS: Readonly<Record<string, Action>> = {
  ack: { title: "do_ack", fields: [], needs: [], key: "F2", atOnce: true },
  accept: { title: "do_accept", fields: ["text"], needs: [] },
  assign: { title: "do_assign", fields: ["agency", "text"], needs: ["agency"], key: "F9" },
  comment: { title: "do_comment", fields: ["text"], needs: ["text"], key: "F4" },
  log_call: { title: "do_called", fields: ["agency", "role", "called", "again_at", "text"], needs: ["agency", "role", "called"], key: "F8" },
  answer_extension: { title: "do_answer", fields: ["granted", "text"], needs: ["granted"] },
  resolve: { title: "do_resolve", fields: ["text"], needs: ["text"] },
  close: { title: "do_close", fields: ["text"], needs: [] },
  verify: { title: "do_verify", fields: ["outcome", "text"], needs: ["outcome"] },
  remind: { title: "do_remind", fields: ["text"], needs: [] },
  transfer: { title: "do_transfer", fields: ["agency", "reason"], needs: ["agency", "reason"] },
  coordinate: { title: "do_coordinate", fields: ["agencies", "text"], needs: ["agencies"] },
  ask_extension: { title: "do_ask", fields: ["clock", "due_at", "reason"], needs: ["clock", "due_at", "reason"] },
  return: { title: "do_return", fields: ["reason"], needs: ["reason"] },
  shelve: { title: "do_shelve", fields: ["until", "reason"], needs: ["until", "reason"] },
  silence: { title: "do_silence", fields: ["until", "reason"], needs: ["until", "reason"], as: "shelve" },
  unshelve: { title: "do_unshelve", fields: [], needs: [], atOnce: true },
  reject: { title: "do_reject", fields: ["cause", "duplicate_of", "text"], needs: ["cause"] },
  reopen: { title: "do_reopen", fields: ["reason"], needs: ["reason"] },
  unack: { title: "do_unack", fields: [], needs: [], atOnce: true },
  extend_clock: { title: "do_extend", fields: ["clock", "due_at", "reason"], needs: ["clock", "due_at", "reason"] },
  pause_clock: { title: "do_pause", fields: ["clock", "reason"], needs: ["clock", "reason"] },
  resume_clock: { title: "do_resume", fields: ["clock"], needs: ["clock"] },
};

export const CAUSES: readonly [string, Word][] = [
  ["false_alarm", "cause_false"],
  ["duplicate", "cause_duplicate"],
  ["not_ours", "cause_not_ours"],
  ["permitted", "cause_permitted"],
  ["test", "cause_test"],
];

/** What came of a telephone call. */
export const CALLED: readonly [string, Word][] = [
  ["reached", "called_yes"],
  ["unreachable", "called_no"],
  ["call_later", "called_again"],
];
export const ROLES = ["duty", "deputy", "leader"] as const;
export const ANSWERS: readonly [string, Word][] = [["true", "granted"], ["false", "refused_it"]];

export const OUTCOMES: readonly [string, Word][] = [
  ["true", "outcome_true"],
  ["not_true", "outcome_not_true"],
  ["unclear", "outcome_unclear"],
  ["controlled", "outcome_controlled"],
  ["unreachable", "outcome_unreachable"],
];
