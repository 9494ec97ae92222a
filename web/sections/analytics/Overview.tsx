'use client'

import dynamic from 'next/dynamic'
import { type ReactNode, useMemo } from 'react'
import { LineChart, type TimePoint } from '@/charts/LineChart'
import { clockOf } from '@/data/days'
import { hiddenMoney } from '@/data/format'
import { useAnalytics } from '@/data/query/analytics'
import { comparisonOf, exportUrl, isGood, overTime, type Shop, supportedMetrics, todayOf, totals } from '@/data/query/build'
import {
  changesInPoints,
  currencyOf,
  formatAxis,
  formatChange,
  formatValue,
  isMoney,
  isSum,
  metrics as known,
  type Metric,
  numberOf,
  plain,
  type Value,
} from '@/data/query/metrics'
import { daysName, labelNames } from '@/data/query/names'
import { between, intervalOf, intervalsOf } from '@/data/query/period'
import type { QueryResult } from '@/data/query/runQuery'
import { useQuery } from '@/data/query/useQuery'
import { iconButton } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { cn } from '@/ui/cn'
import { Icon } from '@/ui/Icon'
import { Segments } from '@/ui/Segments'
import { Skeleton } from '@/ui/Skeleton'
import { Csv } from './Csv'
import { QueryView } from './QueryView'

const NoData = dynamic(() => import('./NoData'), { ssr: false })

const standard: readonly Metric[] = [
  'visitors',
  'visits',
  'pageviews',
  'views_per_visit',
  'bounce_rate',
  'visit_duration',
  'orders',
  'revenue',
  'average_order',
  'purchase_rate',
]

/** The totals of the period, one of them over time, and below them the cards that make sense where there is something. */
export function Overview({ metrics = standard, children }: { metrics?: readonly Metric[]; children: ReactNode }) {
  const { shop, view } = useAnalytics()
  const shown = supportedMetrics(metrics, view)
  const metric = shown.find((one) => one === view.metric) ?? shown[0] ?? 'visitors'
  const state = useQuery((now) => totals(shop, view, shown, now))
  const sums = state.result?.results[0]
  const nothing = state.error === undefined && !state.loading && sums?.metrics.every((value) => !numberOf(value)) === true
  const currency = currencyOf(sums?.metrics[(state.query?.metrics ?? []).indexOf(metric)] ?? null) ?? shop.currency
  return (
    <>
      <Card className="overflow-hidden">
        <QueryView state={state} loading={<Numbers metrics={shown} chosen={metric} />}>
          {(result) => <Numbers metrics={state.query?.metrics ?? shown} chosen={metric} result={result} />}
        </QueryView>
        {nothing ? <NoData /> : <Chart metric={metric} currency={currency} />}
      </Card>
      {!nothing && children}
    </>
  )
}

function Numbers({ metrics, chosen, result }: { metrics: readonly Metric[]; chosen: Metric; result?: QueryResult }) {
  const { change, view, streamer } = useAnalytics()
  const sums = result?.results[0]
  return (
    <div
      role="group"
      aria-label="Totals for the period; select one to chart it"
      className="relative flex flex-wrap gap-px border-b border-line bg-line"
    >
      {metrics.map((metric, i) => {
        const on = metric === chosen
        const difference = sums?.comparison?.change[i]
        const before = sums?.comparison?.metrics[i] ?? null
        const hidden = streamer && isMoney(metric)
        return (
          <button
            key={metric}
            type="button"
            aria-pressed={on}
            onClick={() => change({ metric })}
            className={cn(
              'relative min-w-0 grow basis-[calc(50%-1px)] bg-surface px-4 py-3.5 text-left transition-colors -outline-offset-4 sm:basis-[calc(33.3%-1px)] sm:px-5 lg:basis-[calc(20%-1px)]',
              on ? 'bg-[color-mix(in_oklab,var(--accent)_7%,var(--surface))]' : 'hover:bg-raised',
            )}
          >
            {on && <span aria-hidden className="absolute inset-x-0 top-0 h-0.5 bg-accent" />}
            <span className={cn('block truncate text-xs', on ? 'text-ink' : 'text-muted')}>{known[metric].name}</span>
            {result === undefined ? (
              <Skeleton className="mt-2 mb-1 h-7 w-20" />
            ) : (
              <span className="mt-1 block truncate text-xl font-semibold tracking-tight tabular sm:text-2xl">
                {hidden ? hiddenMoney : formatValue(metric, sums?.metrics[i] ?? null)}
              </span>
            )}
            <span className="mt-0.5 block h-4 truncate text-xs tabular">
              {difference != null && !hidden && <Difference metric={metric} difference={difference} before={before} />}
              {result !== undefined && difference == null && comparisonOf(view) !== null && !hidden && (
                <span className="text-faint">no data to compare</span>
              )}
            </span>
          </button>
        )
      })}
    </div>
  )
}

/** How a number stands against the other period: not by color alone. */
function Difference({ metric, difference, before }: { metric: Metric; difference: number; before: Value }) {
  const good = isGood(difference, (known[metric] as { lessIsGood?: boolean }).lessIsGood === true)
  return (
    <>
      <span className={cn('font-medium', good === null ? 'text-faint' : good ? 'text-up' : 'text-down')}>
        {difference > 0 && !changesInPoints(metric) && numberOf(before) === 0 ? 'new' : formatChange(metric, difference)}
      </span>
      <span className="text-faint">
        {' '}
        <span className="sr-only">compared with </span>
        <span aria-hidden>vs</span> {formatValue(metric, before)}
      </span>
    </>
  )
}

const names = { hour: 'Hours', day: 'Days', week: 'Weeks', month: 'Months' } as const

function Chart({ metric, currency }: { metric: Metric; currency: string }) {
  const { shop, view, change, streamer } = useAnalytics()
  const query = overTime(shop, view, metric)
  const state = useQuery(query)
  const fitting = intervalsOf(view.period, todayOf(shop))
  const interval = fitting.find((one) => one === view.interval) ?? fitting[0]
  const hidden = streamer && isMoney(metric)
  const format = (value: number) => (hidden ? hiddenMoney : plain(metric, value, currency))
  return (
    <div className="relative p-4 sm:p-5">
      <div className="flex min-h-9 flex-wrap items-center justify-between gap-2">
        <h2 className="text-sm font-medium tracking-tight">
          {known[metric].name} over time{isMoney(metric) && !hidden && <span className="font-normal text-faint"> in {currency}</span>}
        </h2>
        <div className="flex items-center gap-1">
          {fitting.length > 1 && interval !== undefined && (
            <Segments
              label="Interval"
              value={interval}
              options={fitting.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)).map((one) => ({ value: one, label: names[one] }))}
              onChange={(one) => change({ interval: one === fitting[0] ? null : one })}
            />
          )}
          {!hidden && <Csv name={`${known[metric].name} over time`} query={() => query} />}
          {/* The file of all hits has the money of each. */}
          {!streamer && (
            <a
              href={exportUrl(shop, view)}
              download
              className={iconButton}
              aria-label="Export all hits in this period as CSV"
              title="Export all hits in this period as CSV (ignores filters)"
            >
              <Icon name="page" />
            </a>
          )}
        </div>
      </div>
      <QueryView state={state} loading={<Skeleton className="h-56 sm:h-72" />} className="mt-2">
        {(result) => (
          <Line
            result={result}
            metric={state.query?.metrics?.[0] ?? metric}
            currency={currency}
            shop={shop}
            format={format}
            hidden={hidden}
            onZoom={(period) => change({ period })}
          />
        )}
      </QueryView>
    </div>
  )
}

const order = ['hour', 'day', 'week', 'month']

function Line({
  result,
  metric,
  currency,
  shop,
  format,
  hidden,
  onZoom,
}: {
  result: QueryResult
  metric: Metric
  currency: string
  shop: Shop
  format: (value: number) => string
  hidden: boolean
  onZoom: (period: NonNullable<ReturnType<typeof between>>) => void
}) {
  const { points, unfinished, labels } = useMemo(() => timePointsOf(result, metric, currency, shop), [result, metric, currency, shop])
  const end = result.query.date_range[1].slice(0, 10)
  const today = todayOf(shop)
  return (
    <>
      <LineChart
        className="h-56 sm:h-72"
        points={points}
        label={`${known[metric].name} over time`}
        format={format}
        axis={(value) => (hidden ? hiddenMoney : formatAxis(metric, value, currency))}
        whole={known[metric].kind === 'count'}
        {...(unfinished >= 0 && { unfinished })}
        onZoom={(first, last) => {
          const period = between(labels, first, last, end < today ? end : today)
          if (period !== null) onZoom(period)
        }}
      >
        {(point) =>
          !hidden &&
          point.before?.value != null &&
          point.value !== null &&
          point.before.value > 0 && (
            <p className="mt-0.5 text-right tabular">
              {formatChange('visitors', Math.round((point.value / point.before.value - 1) * 100))}
            </p>
          )
        }
      </LineChart>
      <p className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-xs text-faint">
        <span className="flex items-center gap-1.5">
          <span aria-hidden className="h-0.5 w-4 rounded bg-accent" />
          {daysName(...result.query.date_range)}
        </span>
        {points.some((point) => point.before !== undefined) && (
          <span className="flex items-center gap-1.5">
            <span aria-hidden className="w-4 border-t-2 border-dotted border-faint" />
            Comparison period
          </span>
        )}
        {unfinished >= 0 && (
          <span className="flex items-center gap-1.5">
            <span aria-hidden className="w-4 border-t-2 border-dashed border-accent" />
            In progress
          </span>
        )}
        <span className="ml-auto hidden sm:inline">Drag to zoom in</span>
      </p>
    </>
  )
}

/** Every bucket of the period, with that of the period compared with. What lies in the future has no value. */
function timePointsOf(
  result: QueryResult,
  metric: Metric,
  currency: string,
  shop: Shop,
): { points: TimePoint[]; unfinished: number; labels: readonly string[] } {
  const labels = result.meta.time_labels ?? []
  const interval = intervalOf(labels)
  const byLabel = new Map(result.results.map((row) => [row.dimensions[0], row]))
  const now = clockOf(new Date(), shop.timeZone)
  const several = new Set(labels.map((label) => label.slice(0, 10))).size > 1
  const value = (of: Value | undefined) =>
    (of == null ? null : numberOf(of, isMoney(metric) ? currency : null)) ?? (isSum(metric) ? 0 : null)
  let unfinished = -1
  const points = labels.map((label, i): TimePoint => {
    const row = byLabel.get(label)
    const future = label > now
    const next = labels[i + 1]
    const ends = next ?? result.query.date_range[1].replace('T', ' ').slice(0, 19)
    if (!future && ends > now) unfinished = i
    const other = row?.comparison?.dimensions[0]
    return {
      key: label,
      ...labelNames(label, interval, several),
      value: future ? null : value(row?.metrics[0]),
      ...(other != null && { before: { name: labelNames(other, interval, several).name, value: value(row?.comparison?.metrics[0]) } }),
    }
  })
  return { points, unfinished, labels }
}
