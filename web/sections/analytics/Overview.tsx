'use client'

import dynamic from 'next/dynamic'
import { type ReactNode, useMemo } from 'react'
import { type Moment, TimeLine } from '@/charts/TimeLine'
import { clockOf } from '@/data/days'
import { hiddenMoney } from '@/data/format'
import { useAnalytics } from '@/data/query/analytics'
import type { Answer } from '@/data/query/ask'
import { comparisonOf, exportUrl, isGood, overTime, type Shop, tellable, todayOf, totals } from '@/data/query/build'
import {
  changesInPoints,
  currencyOf,
  isMoney,
  isSum,
  metrics as known,
  type Metric,
  marked,
  numberOf,
  plain,
  type Value,
  written,
  writtenChange,
} from '@/data/query/metrics'
import { daysName, labelNames } from '@/data/query/names'
import { between, intervalOf, intervalsOf } from '@/data/query/period'
import { useAnswer } from '@/data/query/useAnswer'
import { iconButton } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { cn } from '@/ui/cn'
import { Icon } from '@/ui/Icon'
import { Segments } from '@/ui/Segments'
import { Skeleton } from '@/ui/Skeleton'
import { Answered } from './Answered'
import { Csv } from './Csv'

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
  const shown = tellable(metrics, view)
  const metric = shown.find((one) => one === view.metric) ?? shown[0] ?? 'visitors'
  const asked = useAnswer((now) => totals(shop, view, shown, now))
  const sums = asked.answer?.results[0]
  const nothing = asked.error === undefined && !asked.loading && sums?.metrics.every((value) => !numberOf(value)) === true
  const currency = currencyOf(sums?.metrics[(asked.query?.metrics ?? []).indexOf(metric)] ?? null) ?? shop.currency
  return (
    <>
      <Card className="overflow-hidden">
        <Answered asked={asked} loading={<Numbers metrics={shown} chosen={metric} />}>
          {(answer) => <Numbers metrics={asked.query?.metrics ?? shown} chosen={metric} answer={answer} />}
        </Answered>
        {nothing ? <NoData /> : <Chart metric={metric} currency={currency} />}
      </Card>
      {!nothing && children}
    </>
  )
}

function Numbers({ metrics, chosen, answer }: { metrics: readonly Metric[]; chosen: Metric; answer?: Answer }) {
  const { change, view, streamer } = useAnalytics()
  const sums = answer?.results[0]
  return (
    <div
      role="group"
      aria-label="Totals of the period; one of them is in the chart"
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
            {answer === undefined ? (
              <Skeleton className="mt-2 mb-1 h-7 w-20" />
            ) : (
              <span className="mt-1 block truncate text-xl font-semibold tracking-tight tabular sm:text-2xl">
                {hidden ? hiddenMoney : written(metric, sums?.metrics[i] ?? null)}
              </span>
            )}
            <span className="mt-0.5 block h-4 truncate text-xs tabular">
              {difference != null && !hidden && <Difference metric={metric} difference={difference} before={before} />}
              {answer !== undefined && difference == null && comparisonOf(view) !== null && !hidden && (
                <span className="text-faint">nothing to compare</span>
              )}
            </span>
          </button>
        )
      })}
    </div>
  )
}

/** How a number stands against the other period: not by colour alone. */
function Difference({ metric, difference, before }: { metric: Metric; difference: number; before: Value }) {
  const good = isGood(difference, (known[metric] as { lessIsGood?: boolean }).lessIsGood === true)
  return (
    <>
      <span className={cn('font-medium', good === null ? 'text-faint' : good ? 'text-up' : 'text-down')}>
        {difference > 0 && !changesInPoints(metric) && numberOf(before) === 0 ? 'new' : writtenChange(metric, difference)}
      </span>
      <span className="text-faint">
        {' '}
        <span className="sr-only">against </span>
        <span aria-hidden>vs</span> {written(metric, before)}
      </span>
    </>
  )
}

const names = { hour: 'Hours', day: 'Days', week: 'Weeks', month: 'Months' } as const

function Chart({ metric, currency }: { metric: Metric; currency: string }) {
  const { shop, view, change, streamer } = useAnalytics()
  const query = overTime(shop, view, metric)
  const asked = useAnswer(query)
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
              label="Step of the chart"
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
              aria-label="All hits of the period as CSV"
              title="All hits of the period as CSV, without filters"
            >
              <Icon name="page" />
            </a>
          )}
        </div>
      </div>
      <Answered asked={asked} loading={<Skeleton className="h-56 sm:h-72" />} className="mt-2">
        {(answer) => (
          <Line
            answer={answer}
            metric={asked.query?.metrics?.[0] ?? metric}
            currency={currency}
            shop={shop}
            format={format}
            hidden={hidden}
            onZoom={(period) => change({ period })}
          />
        )}
      </Answered>
    </div>
  )
}

const order = ['hour', 'day', 'week', 'month']

function Line({
  answer,
  metric,
  currency,
  shop,
  format,
  hidden,
  onZoom,
}: {
  answer: Answer
  metric: Metric
  currency: string
  shop: Shop
  format: (value: number) => string
  hidden: boolean
  onZoom: (period: NonNullable<ReturnType<typeof between>>) => void
}) {
  const { moments, unfinished, labels } = useMemo(() => momentsOf(answer, metric, currency, shop), [answer, metric, currency, shop])
  const end = answer.query.date_range[1].slice(0, 10)
  const today = todayOf(shop)
  return (
    <>
      <TimeLine
        className="h-56 sm:h-72"
        moments={moments}
        label={`${known[metric].name} over time`}
        format={format}
        axis={(value) => (hidden ? hiddenMoney : marked(metric, value, currency))}
        whole={known[metric].kind === 'count'}
        {...(unfinished >= 0 && { unfinished })}
        onZoom={(first, last) => {
          const period = between(labels, first, last, end < today ? end : today)
          if (period !== null) onZoom(period)
        }}
      >
        {(moment) =>
          !hidden &&
          moment.before?.value != null &&
          moment.value !== null &&
          moment.before.value > 0 && (
            <p className="mt-0.5 text-right tabular">
              {writtenChange('visitors', Math.round((moment.value / moment.before.value - 1) * 100))}
            </p>
          )
        }
      </TimeLine>
      <p className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-xs text-faint">
        <span className="flex items-center gap-1.5">
          <span aria-hidden className="h-0.5 w-4 rounded bg-accent" />
          {daysName(...answer.query.date_range)}
        </span>
        {moments.some((moment) => moment.before !== undefined) && (
          <span className="flex items-center gap-1.5">
            <span aria-hidden className="w-4 border-t-2 border-dotted border-faint" />
            The period compared with
          </span>
        )}
        {unfinished >= 0 && (
          <span className="flex items-center gap-1.5">
            <span aria-hidden className="w-4 border-t-2 border-dashed border-accent" />
            Not over yet
          </span>
        )}
        <span className="ml-auto hidden sm:inline">Drag over the chart to see a part of it</span>
      </p>
    </>
  )
}

/** Every bucket of the period, with that of the period compared with. What lies in the future has no value. */
function momentsOf(
  answer: Answer,
  metric: Metric,
  currency: string,
  shop: Shop,
): { moments: Moment[]; unfinished: number; labels: readonly string[] } {
  const labels = answer.meta.time_labels ?? []
  const interval = intervalOf(labels)
  const byLabel = new Map(answer.results.map((row) => [row.dimensions[0], row]))
  const now = clockOf(new Date(), shop.timeZone)
  const several = new Set(labels.map((label) => label.slice(0, 10))).size > 1
  const value = (of: Value | undefined) =>
    (of == null ? null : numberOf(of, isMoney(metric) ? currency : null)) ?? (isSum(metric) ? 0 : null)
  let unfinished = -1
  const moments = labels.map((label, i): Moment => {
    const row = byLabel.get(label)
    const future = label > now
    const next = labels[i + 1]
    const ends = next ?? answer.query.date_range[1].replace('T', ' ').slice(0, 19)
    if (!future && ends > now) unfinished = i
    const other = row?.comparison?.dimensions[0]
    return {
      key: label,
      ...labelNames(label, interval, several),
      value: future ? null : value(row?.metrics[0]),
      ...(other != null && { before: { name: labelNames(other, interval, several).name, value: value(row?.comparison?.metrics[0]) } }),
    }
  })
  return { moments, unfinished, labels }
}
