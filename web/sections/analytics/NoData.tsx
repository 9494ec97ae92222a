'use client'

import { useState } from 'react'
import { useAnalytics } from '@/data/query/analytics'
import { numberOf } from '@/data/query/metrics'
import { useQuery } from '@/data/query/useQuery'
import { Button } from '@/ui/Button'
import { CopyLine } from '@/ui/CopyLine'
import { EmptyState } from '@/ui/EmptyState'
import { Skeleton } from '@/ui/Skeleton'

/** Nothing in the period: because of the filters, because of the period, or because nothing ever came. Each with what to do. */
export default function NoData() {
  const { shop, filters, change } = useAnalytics()
  const ever = useQuery({ site_id: shop.site, date_range: 'all', metrics: ['events', 'visits'] })
  if (ever.result === undefined && ever.error === undefined) return <Skeleton className="m-5 h-56" />
  const never = ever.result?.results[0]?.metrics.every((value) => !numberOf(value)) === true
  if (never) return <Script />
  if (filters.length > 0)
    return (
      <EmptyState
        heading="h2"
        icon="search"
        title="No data matches the filters"
        action={<Button onClick={() => change({ filters: [] })}>Clear filters</Button>}
      >
        No visits in this period match them.
      </EmptyState>
    )
  return (
    <EmptyState
      heading="h2"
      icon="calendar"
      title="No visits in this period"
      action={<Button onClick={() => change({ period: { kind: 'preset', id: 'all' } })}>Show all time</Button>}
    >
      There are visits in other periods.
    </EmptyState>
  )
}

/** The line that a shop adds to its pages. */
function Script() {
  const { shop } = useAnalytics()
  const [origin] = useState(() => (typeof window === 'undefined' ? '' : window.location.origin))
  const line = `<script defer src="${origin}/footfall.js" data-site="${shop.site}"></script>`
  return (
    <EmptyState heading="h2" icon="globe" title="No data yet">
      <p>Add this snippet to the head of every page of your shop. The first visit shows up within seconds.</p>
      <CopyLine text={line} />
      <p className="mt-4">
        To import earlier data, run <code className="font-mono text-ink">footfall import</code>: it reads access logs and orders.
      </p>
    </EmptyState>
  )
}
