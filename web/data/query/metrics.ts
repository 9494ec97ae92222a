import { compact, money, number, roundMoney } from '../format'

/** An amount as queries return it; the value is `null` where a rate to the shop's currency is missing. */
export interface Money {
  readonly value: number | null
  readonly currency: string
  readonly by_currency: Readonly<Record<string, number>>
}

export type Value = number | Money | null

type Kind = 'count' | 'number' | 'percent' | 'seconds' | 'money'

/** What can be measured: its name, how it is written, and whether less of it is good. */
export const metrics = {
  visitors: { name: 'Visitors', kind: 'count' },
  visits: { name: 'Visits', kind: 'count' },
  pageviews: { name: 'Page views', kind: 'count' },
  views_per_visit: { name: 'Views per visit', kind: 'number' },
  bounce_rate: { name: 'Bounce rate', kind: 'percent', lessIsGood: true },
  visit_duration: { name: 'Visit duration', kind: 'seconds' },
  orders: { name: 'Orders', kind: 'count' },
  revenue: { name: 'Revenue', kind: 'money' },
  average_order: { name: 'Average order value', kind: 'money' },
  purchase_rate: { name: 'Purchase rate', kind: 'percent' },
  cart_rate: { name: 'Cart rate', kind: 'percent' },
  checkout_rate: { name: 'Checkout rate', kind: 'percent' },
  abandonment: { name: 'Abandonment', kind: 'percent', lessIsGood: true },
  units: { name: 'Units sold', kind: 'count' },
  refunds: { name: 'Refunds', kind: 'money', lessIsGood: true },
  net_revenue: { name: 'Net revenue', kind: 'money' },
  percentage: { name: 'Share', kind: 'percent' },
  exit_rate: { name: 'Exit rate', kind: 'percent' },
  time_on_page: { name: 'Time on page', kind: 'seconds' },
  events: { name: 'Events', kind: 'count' },
} as const satisfies Record<string, { name: string; kind: Kind; lessIsGood?: boolean }>

export type Metric = keyof typeof metrics

export const isMetric = (text: string | null): text is Metric => text !== null && Object.hasOwn(metrics, text)
export const isMoney = (metric: Metric) => metrics[metric].kind === 'money'
/** Whether a change of it is shown in points: as the server does, and Plausible, not of shares and exits. */
export const changesInPoints = (metric: Metric) => metrics[metric].kind === 'percent' && metric !== 'percentage' && metric !== 'exit_rate'
/** Whether it is 0 where nobody was; of nobody a mean can't be shown. */
export const isSum = (metric: Metric) =>
  metrics[metric].kind === 'count' || metric === 'revenue' || metric === 'refunds' || metric === 'net_revenue'

const asMoney = (value: Value): Money | null => (typeof value === 'object' ? value : null)

/** The currency that most of an amount is in: the shop's where it is known, else the largest. */
export function currencyOf(value: Value): string | null {
  const amount = asMoney(value)
  if (amount === null) return null
  if (amount.value !== null) return amount.currency
  return Object.entries(amount.by_currency).sort(([, a], [, b]) => b - a)[0]?.[0] ?? null
}

/** A value as a plain number; of money the part in a currency. */
export function numberOf(value: Value, currency: string | null = currencyOf(value)): number | null {
  const amount = asMoney(value)
  if (amount === null) return value as number | null
  if (currency === null) return null
  return amount.value !== null && amount.currency === currency ? amount.value : (amount.by_currency[currency] ?? null)
}

const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 })
const decimal = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 })

/** `2m 7s`, `45s`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole}s`
  if (whole < 3_600) return `${Math.floor(whole / 60)}m ${whole % 60}s`
  return `${Math.floor(whole / 3_600)}h ${Math.floor((whole % 3_600) / 60)}m`
}

/** A plain number of a metric as a person reads it. */
export function plain(metric: Metric, value: number, currency: string | null): string {
  switch (metrics[metric].kind) {
    case 'money':
      return value !== 0 && (metric === 'average_order' || Math.abs(value) < 100)
        ? money(value, currency ?? '')
        : roundMoney(value, currency ?? '')
    case 'percent':
      return percent.format(value / 100)
    case 'seconds':
      return duration(value)
    case 'number':
      return decimal.format(value)
    default:
      return compact(value)
  }
}

/** A mark of an axis: without small coins, unless there is nothing else. */
export const formatAxis = (metric: Metric, value: number, currency: string | null) =>
  isMoney(metric) && Number.isInteger(value) ? roundMoney(value, currency ?? '') : plain(metric, value, currency)

/** A value as a person reads it; an amount in several currencies without rates is shown in each. */
export function formatValue(metric: Metric, value: Value): string {
  const amount = asMoney(value)
  if (amount !== null && amount.value === null) {
    const parts = Object.entries(amount.by_currency).sort(([, a], [, b]) => b - a)
    return parts.length === 0 ? '–' : parts.map(([currency, part]) => plain(metric, part, currency)).join(' + ')
  }
  const one = numberOf(value)
  return one === null ? '–' : plain(metric, one, currencyOf(value))
}

/** `+12%`, or `+0.5 pts` of most percentages. */
export function formatChange(metric: Metric, change: number): string {
  const sign = change > 0 ? '+' : change < 0 ? '−' : ''
  const size = Math.abs(change)
  return changesInPoints(metric)
    ? `${sign}${decimal.format(size)} pts`
    : size >= 1_000
      ? `×${number(Math.round(size / 100 + 1))}`
      : `${sign}${number(size)}%`
}
