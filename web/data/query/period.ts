import { addDays, addMonths, type Day, daysBetween, firstOfMonth, isDay, lastOfMonth, withOffset } from '../days'

/** The periods to choose from, in the order of the list. */
export const presets = [
  { id: 'day', name: 'Today' },
  { id: 'yesterday', name: 'Yesterday' },
  { id: '24h', name: 'Last 24 hours' },
  { id: '7d', name: 'Last 7 days' },
  { id: '28d', name: 'Last 28 days' },
  { id: '30d', name: 'Last 30 days' },
  { id: '91d', name: 'Last 91 days' },
  { id: 'month', name: 'This month' },
  { id: 'lastmonth', name: 'Last month' },
  { id: '6mo', name: 'Last 6 months' },
  { id: '12mo', name: 'Last 12 months' },
  { id: 'year', name: 'This year' },
  { id: 'all', name: 'All time' },
] as const

export type Preset = (typeof presets)[number]['id']
export const standard: Preset = '28d'

/** A preset; days, both included; or hours of the shop's clock (`2026-11-24 09:00:00`), the last one being the last second. */
export type Period =
  | { readonly kind: 'preset'; readonly id: Preset }
  | { readonly kind: 'days'; readonly from: Day; readonly to: Day }
  | { readonly kind: 'hours'; readonly from: string; readonly to: string }

const hour = /^\d{4}-\d{2}-\d{2}T\d{2}$/

/** The period of an address: `7d`, `2026-11-01,2026-11-20`, or `2026-11-24T09,2026-11-24T12`. What can't be read is the standard one. */
export function readPeriod(text: string | null): Period {
  const preset = presets.find(({ id }) => id === text)
  if (preset !== undefined) return { kind: 'preset', id: preset.id }
  const [from = '', to = ''] = text?.split(',') ?? []
  if (isDay(from) && isDay(to) && from <= to) return { kind: 'days', from, to }
  if (hour.test(from) && hour.test(to) && isDay(from.slice(0, 10)) && isDay(to.slice(0, 10)) && from <= to)
    return { kind: 'hours', from: `${from.replace('T', ' ')}:00:00`, to: `${to.replace('T', ' ')}:59:59` }
  return { kind: 'preset', id: standard }
}

export function writePeriod(period: Period): string {
  if (period.kind === 'preset') return period.id
  if (period.kind === 'days') return `${period.from},${period.to}`
  return [period.from, period.to].map((time) => time.slice(0, 13).replace(' ', 'T')).join()
}

/** What a query calls it. */
export function rangeOf(period: Period, today: Day, timeZone: string): string | [string, string] {
  if (period.kind === 'days') return [period.from, period.to]
  if (period.kind === 'hours') return [withOffset(period.from, timeZone), withOffset(period.to, timeZone)]
  if (period.id !== 'yesterday' && period.id !== 'lastmonth') return period.id
  const days = daysOf(period, today)
  return days === null ? period.id : [days.from, days.to]
}

/** Its days as far as they have begun; `null` where the first hit decides. */
export function daysOf(period: Period, today: Day): { from: Day; to: Day } | null {
  if (period.kind === 'days') return { from: period.from, to: period.to }
  if (period.kind === 'hours') return { from: period.from.slice(0, 10), to: period.to.slice(0, 10) }
  switch (period.id) {
    case 'day':
      return { from: today, to: today }
    case 'yesterday':
      return { from: addDays(today, -1), to: addDays(today, -1) }
    case '24h':
      return { from: addDays(today, -1), to: today }
    case 'month':
      return { from: firstOfMonth(today), to: today }
    case 'lastmonth': {
      const last = addDays(firstOfMonth(today), -1)
      return { from: firstOfMonth(last), to: last }
    }
    case 'year':
      return { from: `${today.slice(0, 4)}-01-01`, to: today }
    case 'all':
      return null
    case '6mo':
    case '12mo':
      return { from: addMonths(firstOfMonth(today), 1 - Number.parseInt(period.id, 10)), to: today }
    default:
      return { from: addDays(today, 1 - Number.parseInt(period.id, 10)), to: today }
  }
}

/** The period as long before or after it; `null` where there is none, or none yet. */
export function neighbour(period: Period, today: Day, direction: -1 | 1): Period | null {
  const days = daysOf(period, today)
  if (days === null || period.kind === 'hours' || (period.kind === 'preset' && period.id === '24h')) return null
  let { from, to } = days
  const calendar = period.kind === 'preset' && ['month', '6mo', '12mo', 'year'].includes(period.id)
  if (calendar) to = period.kind === 'preset' && period.id === 'year' ? `${today.slice(0, 4)}-12-31` : lastOfMonth(today)
  const whole = from === firstOfMonth(from) && to === lastOfMonth(to) && (calendar || daysBetween(from, to) > 26)
  if (whole) {
    const months = (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5, 7)) - Number(from.slice(5, 7)) + 1
    ;[from, to] = [addMonths(from, direction * months), lastOfMonth(addMonths(firstOfMonth(to), direction * months))]
  } else {
    const length = daysBetween(from, to) + 1
    ;[from, to] = [addDays(from, direction * length), addDays(to, direction * length)]
  }
  return from > today ? null : { kind: 'days', from, to }
}

export const intervals = ['hour', 'day', 'week', 'month'] as const
export type Interval = (typeof intervals)[number]

/** Those that give a chart neither too many nor too few points, the best first; none where the server decides. */
export function intervalsOf(period: Period, today: Day): Interval[] {
  const days = daysOf(period, today)
  if (days === null) return []
  if (period.kind === 'hours') return ['hour']
  const count = daysBetween(days.from, days.to) + 1
  if (count <= 2) return ['hour']
  if (count <= 7) return ['day', 'hour']
  if (count <= 31) return ['day', 'week']
  if (count <= 100) return ['day', 'week', 'month']
  if (count <= 200) return ['week', 'day', 'month']
  if (count <= 800) return ['month', 'week', 'day']
  return ['month', 'week']
}

/** The step between labels of a result. */
export function intervalOf(labels: readonly string[]): Interval {
  const [first, second, third] = labels
  if (first === undefined || first.length > 10) return 'hour'
  if (second === undefined) return 'day'
  // The first week of a period may be cut.
  const step = third === undefined ? daysBetween(first, second) : daysBetween(second, third)
  return step <= 1 ? 'day' : step <= 7 ? 'week' : 'month'
}

/** The last day of a bucket that begins with a day. */
const endOf = (label: Day, interval: Interval, next: string | undefined) =>
  next !== undefined ? addDays(next, -1) : interval === 'day' ? label : interval === 'week' ? addDays(label, 6) : lastOfMonth(label)

/** The period from one bucket of a chart to another, both included. */
export function between(labels: readonly string[], first: number, last: number, until: Day): Period | null {
  const [from, to] = [labels[Math.min(first, last)], labels[Math.max(first, last)]]
  if (from === undefined || to === undefined) return null
  const interval = intervalOf(labels)
  if (interval === 'hour') {
    const whole = from.endsWith('00:00:00') && to.slice(11, 13) === '23'
    return whole
      ? { kind: 'days', from: from.slice(0, 10), to: to.slice(0, 10) }
      : { kind: 'hours', from: `${from.slice(0, 13)}:00:00`, to: `${to.slice(0, 13)}:59:59` }
  }
  const end = endOf(to, interval, labels[Math.max(first, last) + 1])
  return { kind: 'days', from, to: end > until ? until : end }
}

export const comparisons = ['previous_period', 'year_over_year', 'off'] as const
export type Comparison = (typeof comparisons)[number]
