/** Days of a calendar as texts, `2026-11-24`: they have no time zone, and compare by their letters. */
export type Day = string

const length = 86_400_000

const utc = (day: Day) => Date.parse(`${day}T00:00:00Z`)
const text = (moment: number) => new Date(moment).toISOString().slice(0, 10)

/** Whether a text is a day of the calendar. */
export const isDay = (day: string) => /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(utc(day)) && text(utc(day)) === day

export const addDays = (day: Day, count: number): Day => text(utc(day) + count * length)

/** So many days from one to another. */
export const daysBetween = (from: Day, to: Day) => Math.round((utc(to) - utc(from)) / length)

/** The same day of another month; its last one where it has no such day. */
export function addMonths(day: Day, count: number): Day {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  const last = new Date(Date.UTC(year, month + count, 0)).getUTCDate()
  return text(Date.UTC(year, month - 1 + count, Math.min(date, last)))
}

export const firstOfMonth = (day: Day): Day => `${day.slice(0, 7)}-01`
export const lastOfMonth = (day: Day): Day => addDays(addMonths(firstOfMonth(day), 1), -1)

/** 0 is Monday. */
export const weekday = (day: Day) => (new Date(utc(day)).getUTCDay() + 6) % 7

/** The weeks of a month, each from Monday to Sunday, with the days of the neighbours. */
export function weeksOf(month: Day): Day[][] {
  const first = firstOfMonth(month)
  const last = lastOfMonth(month)
  const weeks: Day[][] = []
  for (let monday = addDays(first, -weekday(first)); monday <= last; monday = addDays(monday, 7))
    weeks.push(Array.from({ length: 7 }, (_, i) => addDays(monday, i)))
  return weeks
}

/** What the clock of a time zone shows at a moment, as `2026-11-24 13:30:00`. A zone that this browser does not know is UTC. */
export function clockOf(moment: Date, timeZone: string): string {
  try {
    const parts = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    }).formatToParts(moment)
    const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '00'
    return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')}`
  } catch {
    return moment.toISOString().slice(0, 19).replace('T', ' ')
  }
}

/** A time of a shop's clock with its offset, as queries want it: `2026-11-24T09:00:00+01:00`. Of an hour that comes twice it is the first one. */
export function withOffset(local: string, timeZone: string): string {
  const asUtc = Date.parse(`${local.replace(' ', 'T')}Z`)
  const offsetAt = (moment: number) =>
    Date.parse(`${clockOf(new Date(moment), timeZone).replace(' ', 'T')}Z`) - Math.floor(moment / 1_000) * 1_000
  // The offset before the clock changed is tried first.
  const before = offsetAt(asUtc - length)
  const offset = clockOf(new Date(asUtc - before), timeZone) === local.replace('T', ' ') ? before : offsetAt(asUtc + length)
  const minutes = Math.abs(offset) / 60_000
  return `${local.replace(' ', 'T')}${offset < 0 ? '-' : '+'}${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}
