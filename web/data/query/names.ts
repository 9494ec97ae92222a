import { flagOf, nameOf } from '../countries'
import type { Day } from '../days'
import { type Interval, type Period, presets } from './period'

/** What dimensions are called where a filter by one is shown. */
const dimensions: Record<string, string> = {
  'visit:country': 'Country',
  'event:page': 'Page',
  'visit:entry_page': 'Entry page',
  'visit:exit_page': 'Exit page',
  'visit:source': 'Source',
  'visit:channel': 'Channel',
  'visit:referrer': 'Referrer',
  'visit:utm_source': 'UTM source',
  'visit:utm_medium': 'UTM medium',
  'visit:utm_campaign': 'Campaign',
  'visit:utm_content': 'UTM content',
  'visit:utm_term': 'UTM term',
  'visit:device': 'Device',
  'visit:browser': 'Browser',
  'visit:os': 'Operating system',
  'visit:screen': 'Screen',
  'visit:language': 'Language',
  'item:id': 'Product ID',
  'item:name': 'Product',
  'item:category': 'Category',
  'item:brand': 'Brand',
  'event:hostname': 'Host',
  'event:name': 'Event',
  'event:goal': 'Goal',
  'event:currency': 'Currency',
}

export const dimensionName = (dimension: string) => dimensions[dimension] ?? dimension.replace(/^\w+:(props:)?/, '')

/** A value of a dimension as a person reads it. */
export function valueName(dimension: string, value: string): string {
  if (dimension === 'visit:country') return value === '' ? 'Unknown' : nameOf(value)
  return value === '' ? '(not set)' : value
}

export const flagFor = (dimension: string, value: string) => (dimension === 'visit:country' ? flagOf(value) : null)

const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' })
const dayOfYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
const longDay = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
const month = new Intl.DateTimeFormat(undefined, { month: 'long', year: 'numeric', timeZone: 'UTC' })
const shortMonth = new Intl.DateTimeFormat(undefined, { month: 'short', year: '2-digit', timeZone: 'UTC' })
const hour = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' })
const date = (label: string) => new Date(`${label.slice(0, 10)}T${label.length > 10 ? label.slice(11, 19) : '00:00:00'}Z`)

/** `1 – 24 Nov 2026`. */
export const daysName = (from: Day, to: Day) => dayOfYear.formatRange(date(from.slice(0, 10)), date(to.slice(0, 10)))

/** A label of time, in full and for an axis. */
export function labelNames(label: string, interval: Interval, several: boolean): { name: string; short: string } {
  const at = date(label)
  switch (interval) {
    case 'hour':
      return {
        name: `${longDay.format(at)}, ${hour.format(at)}`,
        short: several ? (label.slice(11, 13) === '00' ? day.format(at) : hour.format(at)) : hour.format(at),
      }
    case 'day':
      return { name: longDay.format(at), short: day.format(at) }
    case 'week':
      return { name: `Week of ${dayOfYear.format(at)}`, short: day.format(at) }
    default:
      return { name: month.format(at), short: shortMonth.format(at) }
  }
}

/** What a period is called. */
export function periodName(period: Period): string {
  if (period.kind === 'preset') return presets.find(({ id }) => id === period.id)?.name ?? ''
  const [from, to] = [date(period.from), date(period.to)]
  if (period.kind === 'hours') {
    const end = new Date(to.getTime() + 1_000)
    return period.from.slice(0, 10) === period.to.slice(0, 10)
      ? `${day.format(from)}, ${hour.format(from)} to ${hour.format(end)}`
      : `${day.format(from)} ${hour.format(from)} to ${day.format(to)} ${hour.format(end)}`
  }
  if (period.from === period.to) return longDay.format(from)
  const wholeMonth =
    period.from.endsWith('-01') &&
    period.from.slice(0, 7) === period.to.slice(0, 7) &&
    new Date(to.getTime() + 86_400_000).getUTCDate() === 1
  if (wholeMonth) return month.format(from)
  if (period.from.endsWith('-01-01') && period.to === `${period.from.slice(0, 4)}-12-31`) return period.from.slice(0, 4)
  return dayOfYear.formatRange(from, to)
}
