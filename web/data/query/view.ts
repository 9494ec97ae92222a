import { codeOf } from '../countries'
import { type Filter, operators, readFilter, writeFilter } from './filters'
import { isMetric, type Metric } from './metrics'
import { type Comparison, comparisons, type Interval, intervals, type Period, readPeriod, standard, writePeriod } from './period'

/** What the analytics show, all of it in the address. */
export interface View {
  readonly period: Period
  readonly comparison: Comparison
  readonly metric: Metric
  /** Absent: what fits the period. */
  readonly interval: Interval | null
  readonly filters: readonly Filter[]
}

const country = 'visit:country'

/** A country stands in `c`, as on the live page; all other filters each in an `f`. */
export function readView(parameters: URLSearchParams): View {
  const code = codeOf(parameters.get('c'))
  const chosen: Filter[] = code === null ? [] : [{ operator: 'is', dimension: country, values: [code.toUpperCase()] }]
  const metric = parameters.get('metric')
  return {
    period: readPeriod(parameters.get('period')),
    comparison: comparisons.find((one) => one === parameters.get('compare')) ?? 'previous_period',
    metric: isMetric(metric) ? metric : 'visitors',
    interval: intervals.find((one) => one === parameters.get('interval')) ?? null,
    filters: [...chosen, ...parameters.getAll('f').flatMap((text) => readFilter(text) ?? [])],
  }
}

export type Changes = Record<string, string | readonly string[] | null>

/** What has to change in the address so that it shows another view. What is standard is left out. */
export function writeView(view: Partial<View>): Changes {
  const changes: Changes = {}
  if (view.period !== undefined) {
    const text = writePeriod(view.period)
    changes.period = text === standard ? null : text
    // What fitted the old period may not fit the new one.
    changes.interval = null
  }
  if (view.comparison !== undefined) changes.compare = view.comparison === 'previous_period' ? null : view.comparison
  if (view.metric !== undefined) changes.metric = view.metric === 'visitors' ? null : view.metric
  if (view.interval !== undefined) changes.interval = view.interval
  if (view.filters !== undefined) {
    const single = view.filters.find(
      (filter) =>
        filter.dimension === country &&
        filter.operator === operators[0] &&
        filter.values.length === 1 &&
        /^[A-Z]{2}$/.test(filter.values[0] ?? ''),
    )
    changes.c = single?.values[0] ?? null
    changes.f = view.filters.filter((filter) => filter !== single).map(writeFilter)
  }
  return changes
}
