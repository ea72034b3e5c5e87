/** Which labels a map has room for: what needs a person first, and none over another. */

import { type Severity, rank } from "../model";
import type { Point } from "./projection";

/** What is written at a place: number and name, the number alone, or nothing. */
export type Form = "whole" | "number" | "none";

export interface Label {
  readonly at: Point;
  readonly name: string;
  readonly number: string;
  readonly severity: Severity | null;
  /** Nobody has taken one of its alerts. */
  readonly alone: boolean;
  /** Of fire danger; 0 where none is known. */
  readonly level: number;
}

/** Lengths of a label in its own units, as `style.css` sets its type. */
const DIGIT = 34;
const LETTER = 19;
const ABOVE = 50;
const NUMBER = 8;
const NAME = 48;
const LEVEL = 86;
const SHAPE = 56;

/** Labels of so many areas are so large, of the size they have where there are few. */
export function size(areas: number): number {
  return Math.min(1, Math.max(0.5, 3.2 / Math.sqrt(areas)));
}

/** The form of each label, in their order; one unit of a label is `unit` of the drawing. */
export function forms(labels: readonly Label[], unit: number): Form[] {
  const found: Form[] = labels.map(() => "none");
  const taken: Rectangle[] = [];
  const order = labels.map((_, n) => n).sort((a, b) => urgency(labels[a]!) - urgency(labels[b]!) || a - b);
  for (const n of order) {
    const label = labels[n]!;
    const [whole, number] = [extent(label, unit, true), extent(label, unit, false)];
    const free = (wanted: Rectangle): boolean => !taken.some((each) => meets(each, wanted));
    if (free(whole)) found[n] = "whole";
    else if (label.severity !== null || free(number)) found[n] = "number"; // an alert is never left out
    if (found[n] !== "none") taken.push(found[n] === "whole" ? whole : number);
  }
  return found;
}

interface Rectangle {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function urgency(label: Label): number {
  return label.severity === null ? Infinity : rank(label.severity);
}

function extent({ at: [x, y], name, number, severity, level }: Label, unit: number, whole: boolean): Rectangle {
  const wide = Math.max(number.length * DIGIT + (severity ? SHAPE : 0), whole ? name.length * LETTER : 0) / 2;
  const below = !whole ? NUMBER : level ? LEVEL : NAME;
  return { left: x - wide * unit, right: x + wide * unit, top: y - ABOVE * unit, bottom: y + below * unit };
}

function meets(a: Rectangle, b: Rectangle): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
