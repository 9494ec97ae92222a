import { addDays, addMonths, clockOf, type Day, withOffset } from '../days'
import type { Filter } from './filters'
import type { Metric } from './metrics'
import { intervalsOf, rangeOf } from './period'
import type { View } from './view'

/** The body of `POST /api/v1/query`. */
export interface Query {
  readonly site_id: string
  readonly date_range: string | readonly [string, string]
  readonly metrics?: readonly Metric[]
  readonly dimensions?: readonly string[]
  readonly filters?: readonly unknown[]
  readonly order_by?: readonly (readonly [string, 'asc' | 'desc'])[]
  readonly include?: Record<string, unknown>
  readonly pagination?: { readonly limit: number; readonly offset?: number }
  readonly funnel?: { readonly steps: readonly unknown[] }
}

/** The shop of a query, by whose clock days are. */
export interface Shop {
  readonly site: string
  readonly timeZone: string
  readonly currency: string
}

export const todayOf = (shop: Shop, now: Date = new Date()): Day => clockOf(now, shop.timeZone).slice(0, 10)

/** Whether its period is over wherever the shop is, so that its result stays as it is. */
export const isOver = ({ date_range: range }: Query, now: number) =>
  typeof range !== 'string' && range[1].slice(0, 10) < addDays(new Date(now).toISOString().slice(0, 10), -1)

export const filterOf = ({ operator, dimension, values }: Filter) => [operator, dimension, values]

/** What all queries of a view have in common. */
export function baseOf(shop: Shop, view: View): Pick<Query, 'site_id' | 'date_range' | 'filters'> {
  return { site_id: shop.site, date_range: rangeOf(view.period, todayOf(shop), shop.timeZone), filters: view.filters.map(filterOf) }
}

/** Nothing comes before all time. */
export const comparisonOf = (view: View) =>
  view.comparison === 'off' || (view.period.kind === 'preset' && view.period.id === 'all')
    ? null
    : { comparisons: { mode: view.comparison } }

/** Metrics without those that can't be shown with the filters of a view. */
export function supportedMetrics(metrics: readonly Metric[], view: View): Metric[] {
  const byPage = view.filters.some(({ dimension }) => dimension === 'event:page')
  return metrics.filter((metric) => !(byPage && metric === 'views_per_visit'))
}

/** What totals are compared with. A day that goes on is compared with the other day up to the same time of the clock, or each morning would look like a disaster. */
function comparedTotals(shop: Shop, view: View, now: Date) {
  if (view.comparison === 'off' || view.period.kind !== 'preset' || view.period.id !== 'day') return comparisonOf(view)
  const clock = clockOf(now, shop.timeZone)
  const today = clock.slice(0, 10)
  const other = view.comparison === 'previous_period' ? addDays(today, -1) : addMonths(today, -12)
  return {
    comparisons: { mode: 'custom', date_range: ['00:00:00', clock.slice(11)].map((time) => withOffset(`${other} ${time}`, shop.timeZone)) },
  }
}

export function totals(shop: Shop, view: View, metrics: readonly Metric[], now: Date = new Date()): Query {
  const compared = comparedTotals(shop, view, now)
  return { ...baseOf(shop, view), metrics: supportedMetrics(metrics, view), ...(compared && { include: { ...compared } }) }
}

/** A metric over time, with every bucket of the period. */
export function overTime(shop: Shop, view: View, metric: Metric): Query {
  const fitting = intervalsOf(view.period, todayOf(shop))
  const interval = view.interval !== null && fitting.includes(view.interval) ? view.interval : fitting[0]
  return {
    ...baseOf(shop, view),
    metrics: [metric],
    dimensions: [interval === undefined ? 'time' : `time:${interval}`],
    include: { time_labels: true, ...comparisonOf(view) },
  }
}

export interface Page {
  readonly limit: number
  readonly offset?: number
  readonly order?: readonly [string, 'asc' | 'desc']
  /** Further conditions, such as what is searched for. */
  readonly filters?: readonly unknown[]
}

/** Rows of a dimension, most of the first metric first. */
export function breakdown(
  shop: Shop,
  view: View,
  dimension: string,
  metrics: readonly Metric[],
  { limit, offset = 0, order, filters = [] }: Page,
): Query {
  const base = baseOf(shop, view)
  return {
    ...base,
    filters: [...(base.filters ?? []), ...filters],
    metrics: supportedMetrics(metrics, view),
    dimensions: [dimension],
    ...(order !== undefined && { order_by: [order] }),
    include: { total_rows: true },
    pagination: { limit, ...(offset > 0 && { offset }) },
  }
}

export const steps = [
  { event: 'view_item', name: 'Product view' },
  { event: 'add_to_cart', name: 'Cart' },
  { event: 'begin_checkout', name: 'Checkout' },
  { event: 'purchase', name: 'Purchase' },
] as const

/** Steps to an order by country. All countries are requested, since the sums are those of the rows. */
export function funnel(shop: Shop, view: View): Query {
  return {
    ...baseOf(shop, view),
    funnel: { steps: steps.map(({ event }) => event) },
    dimensions: ['visit:country'],
    pagination: { limit: 1_000 },
  }
}

/** Where the hits behind a view can be fetched as a file; filters are not part of it. */
export function exportUrl(shop: Shop, view: View): string {
  const range = rangeOf(view.period, todayOf(shop), shop.timeZone)
  return `/api/v1/export?${new URLSearchParams({ site_id: shop.site, date_range: typeof range === 'string' ? range : range.join() })}`
}

/** Whether a change is good: less of some things is. */
export const isGood = (change: number, lessIsGood: boolean) => (change === 0 ? null : change > 0 !== lessIsGood)
