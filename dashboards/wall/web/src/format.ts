/** Numbers, times and ages as their readers write them: 1.434, 03:07:42, 07/01/2026. */

import { type Language, type Word, say } from "./texts";

export function count(value: number, language: Language): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, language === "vi" ? "." : ",");
}

/** With up to two decimals: 87,05. */
export function decimal(value: number, language: Language): string {
  const written = new Intl.NumberFormat("en", { maximumFractionDigits: 2 }).format(value);
  return language === "en" ? written : written.replace(/[.,]/g, (sign) => (sign === "." ? "," : "."));
}

/** How long ago, in the largest unit that says enough. */
export function age(seconds: number, language: Language): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [unit, n]: [Word, number] =
    whole < 60 ? ["seconds", whole]
    : whole < 3_600 ? ["minutes", whole / 60]
    : whole < 2 * 86_400 ? ["hours", whole / 3_600]
    : ["days", whole / 86_400];
  return say(language, unit, { n: count(Math.floor(n), language) });
}

interface Parts {
  readonly time: string;
  readonly minute: string;
  readonly date: string;
  readonly weekday: Word;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** A moment (epoch seconds) in a district's own time, 24 hours. */
export function parts(seconds: number, timezone: string): Parts {
  let format = formats.get(timezone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-GB", {
      timeZone: timezone, hourCycle: "h23", weekday: "short",
      day: "2-digit", month: "2-digit", year: "numeric",
      hour: "2-digit", minute: "2-digit", second: "2-digit",
    });
    formats.set(timezone, format);
  }
  const found = Object.fromEntries(format.formatToParts(seconds * 1000).map((part) => [part.type, part.value]));
  const minute = `${found["hour"]}:${found["minute"]}`;
  const weekday = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"].indexOf(found["weekday"] ?? "");
  return {
    time: `${minute}:${found["second"]}`,
    minute,
    date: `${found["day"]}/${found["month"]}/${found["year"]}`,
    weekday: `day${Math.max(0, weekday)}` as Word,
  };
}

/** The time, with its date unless that is today's. */
export function moment(seconds: number, now: number | null, timezone: string): string {
  const then = parts(seconds, timezone);
  return now !== null && parts(now, timezone).date === then.date ? then.minute : `${then.minute} ${then.date}`;
}

/** An ISO moment with its date, in a district's own time. */
export function stamp(iso: string, timezone: string): string {
  const { time, date } = parts(Date.parse(iso) / 1000, timezone);
  return `${time} ${date}`;
}
