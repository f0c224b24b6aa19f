// Times as people say them, by the browser's own words.

const UNITS = [['year', 31_536_000], ['month', 2_592_000], ['week', 604_800], ['day', 86_400], ['hour', 3_600], ['minute', 60]];

/** Returns how long ago `at` was, as `locale` says it; `justNow` within the last minute, or in the future. */
export function ago(at, locale, justNow, now = Date.now()) {
  const seconds = (now - at) / 1000;
  const [unit, length] = UNITS.find(([, each]) => seconds >= each) ?? [];
  if (!unit) return justNow;
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' }).format(-Math.floor(seconds / length), unit);
}

export function exactly(at, locale) {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' }).format(at);
}
