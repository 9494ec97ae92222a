'use client'

import dynamic from 'next/dynamic'
import { useAnalytics } from '@/data/query/analytics'
import { breakdown, supportedMetrics } from '@/data/query/build'
import { useQuery } from '@/data/query/useQuery'
import { setUrl, useUrl } from '@/data/url'
import { Button } from '@/ui/Button'
import { Card, CardHeader } from '@/ui/Card'
import { cn } from '@/ui/cn'
import { Icon } from '@/ui/Icon'
import { Skeleton } from '@/ui/Skeleton'
import { Tabs } from '@/ui/Tabs'
import { Csv } from './Csv'
import type { CardDefinition, Table } from './cards'
import { QueryView } from './QueryView'
import { Rows } from './Rows'

const Details = dynamic(() => import('./Details'), { ssr: false })
export const shownRows = 9

/** Rows of one or several dimensions. Which one is shown, and whether its details are open, stands in the address. */
export function TableCard({ card, className }: { card: CardDefinition; className?: string }) {
  const url = useUrl()
  const [first] = card.tables
  const shown = card.tables.find((table) => table.id === url.get(card.id)) ?? first
  return (
    <Card className={cn('p-5', className)}>
      <CardHeader title={card.title}>
        <TableActions card={card.id} table={shown} />
      </CardHeader>
      <div className="relative mt-1">
        <Tabs
          label={card.title}
          value={shown.id}
          onChange={(id) => setUrl({ [card.id]: id === first.id ? null : id }, { replace: true })}
          tabs={card.tables.map((table) => ({ id: table.id, label: table.label, content: <TableRows table={table} /> }))}
        />
      </div>
    </Card>
  )
}

/** What can be done with a table besides reading it. */
export function TableActions({ card, table }: { card: string; table: Table }) {
  const { shop, view } = useAnalytics()
  const url = useUrl()
  const id = `${card}.${table.id}`
  return (
    <>
      <Csv
        name={table.title ?? table.label}
        query={() =>
          breakdown(shop, view, table.dimension, table.details, {
            limit: 1,
            ...(table.onlySet === true && { filters: [['is_not', table.dimension, ['(not set)']]] }),
          })
        }
      />
      <Button
        look="quiet"
        aria-haspopup="dialog"
        aria-label={`Details for ${table.title ?? table.label}`}
        onClick={() => setUrl({ details: id })}
      >
        <Icon name="list" size={14} /> Details
      </Button>
      {url.get('details') === id && <Details table={table} onClose={() => setUrl({ details: null }, { replace: true })} />}
    </>
  )
}

function TableRows({ table }: { table: Table }) {
  const { shop, view } = useAnalytics()
  const metrics = supportedMetrics(table.metrics, view)
  const state = useQuery(
    breakdown(shop, view, table.dimension, metrics, {
      limit: shownRows,
      ...(table.onlySet === true && { filters: [['is_not', table.dimension, ['(not set)']]] }),
    }),
  )
  return (
    <QueryView state={state} loading={<RowSkeletons />} className="min-h-44">
      {(result) =>
        result.results.length === 0 ? (
          <NoRows table={table} />
        ) : (
          <Rows table={table} metrics={state.query?.metrics ?? metrics} result={result} />
        )
      }
    </QueryView>
  )
}

/** As many as there will be rows at most. */
export function RowSkeletons({ count = shownRows }: { count?: number }) {
  return (
    <div className="space-y-1 pt-6">
      {Array.from({ length: count }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no order
        <Skeleton key={i} className="h-8" />
      ))}
    </div>
  )
}

export function NoRows({ table }: { table: Table }) {
  const { filters } = useAnalytics()
  return (
    <p className="py-16 text-center text-sm text-pretty text-muted">
      {table.onlySet === true
        ? 'No visits from tagged links in this period. Add utm_source, utm_medium and utm_campaign to the links in your emails and ads.'
        : filters.length > 0
          ? 'No data matches the filters.'
          : 'No data for this period.'}
    </p>
  )
}
